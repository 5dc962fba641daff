import { createWriteStream, mkdirSync, renameSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { compareSnapshot } from "../../../../controlplane";
import type { ConnectionRecipe } from "../../../../core/config";
import { type Problem, ProblemError } from "../../../../core/problem";
import { openKube, readVersion } from "../../../../kube";
import type { BackupProof, BackupTaken } from "../../../../operations/ports";
import { openAccess } from "./access";
import { firstOf, sshOf } from "./controlPlane";
import { type Ended, onMachine, type Remote } from "./ssh";

const PKI = "/etc/kubernetes/pki/etcd";
/** etcd's static pod has the data folder of the machine mounted under its own name, so both see the file there. */
const FILE = "/var/lib/etcd/changeover.snapshot";
const NO_ETCD = 3;

/** https://etcd.io/docs/v3.6/op-guide/recovery/ by the certificates that kubeadm gives etcd's own server. */
const SAVE = [
  "set -eu",
  `id=$(crictl ps --name "^etcd$" --state Running -q | head -n 1)`,
  `[ -n "$id" ] || exit ${NO_ETCD}`,
  `trap "rm -f ${FILE}" EXIT`,
  `crictl exec "$id" etcdctl --endpoints=https://127.0.0.1:2379 --cacert=${PKI}/ca.crt --cert=${PKI}/server.crt --key=${PKI}/server.key snapshot save ${FILE} >&2`,
  `cat ${FILE}`,
].join("\n");

const backupsDir = (name: string): string => {
  const state = process.env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state");
  return join(state, "changeover", "backups", name);
};

/** etcd's snapshot, made on the first control-plane machine and kept on this one, for its user only. */
export const takeBackup = async (connection: ConnectionRecipe, signal: AbortSignal): Promise<BackupTaken> => {
  const ssh = sshOf(connection);
  const machine = firstOf(ssh);
  const takenAt = new Date().toISOString();
  const dir = backupsDir(connection.name);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, `${takenAt.replaceAll(":", "-")}.snapshot`);
  const part = `${file}.part`;
  try {
    const saved = await onMachine({ ssh, signal }, machine, remote => fetchInto(remote, part));
    if (saved.code !== 0) throw new ProblemError("no snapshot", [whyNot(machine.node, saved)]);
    renameSync(part, file);
  } finally {
    rmSync(part, { force: true });
  }
  return { file, takenAt };
};

/** A large cluster's snapshot does not fit in memory. */
const fetchInto = async (remote: Remote, path: string): Promise<Ended> => {
  const into = createWriteStream(path, { mode: 0o600 });
  const saved = await remote.run(SAVE, { into });
  await finished(into);
  return saved;
};

const noEtcd = (node: string): Problem => ({
  code: "Kubeadm.NoEtcd",
  path: "backup.kind",
  message: `no etcd runs on ${node}: an external etcd is out of changeover's reach`,
  fix: "set backup.kind: none, and take the snapshot where etcd runs",
});

const noSnapshot = (node: string, { code, stderr }: Ended): Problem => ({
  code: "Kubeadm.NoSnapshot",
  path: "backup.kind",
  message: `etcdctl snapshot save on ${node} ended with ${code}: ${stderr}`,
  fix: "put right what is named and run `pulumi up` again; nothing was changed",
});

const whyNot = (node: string, saved: Ended): Problem =>
  saved.code === NO_ETCD ? noEtcd(node) : noSnapshot(node, saved);

/**
 * Restored into an etcd and an apiserver of the same minor on this machine, and compared object by object. Always the
 * same folder: what a killed run left there is found and ended.
 */
export const proveBackup = async (
  connection: ConnectionRecipe,
  file: string,
  signal: AbortSignal,
): Promise<BackupProof> => {
  const access = openAccess(connection);
  const dir = join(backupsDir(connection.name), "proof");
  const { binary } = await versionOf(access, signal);
  const minor = binary.split(".").slice(0, 2).join(".");
  return compareSnapshot({ dir, file, access, minor }, { progress: () => undefined, signal });
};

const versionOf = async (
  access: ReturnType<typeof openAccess>,
  signal: AbortSignal,
): Promise<{ readonly binary: string }> => {
  const kube = await openKube(access);
  try {
    return await readVersion(kube, { signal });
  } finally {
    await kube.close();
  }
};
