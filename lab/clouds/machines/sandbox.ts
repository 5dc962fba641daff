import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { HOST_PROGRAMS, hostScript, sayAsBorn } from "./host";
import { machineIdOf } from "./machineId";
import { notCovered } from "./rules";
import { type MachineRecord, rootOf } from "./state";

/*
 * A machine is a folder: what would be its root lies in it, and its PATH has a few real programs and the stand-ins. A
 * process can't be given another root without rights that a user lacks, so /etc, /var and /run in a command line are
 * turned into the folder's.
 */

const REAL = ["sh", "cat", "mkdir", "rm", "mv", "touch", "grep", "head", "date", "chmod", "mktemp"];
const STAND_INS = [
  ...["kubeadm", "kubectl", "apt-get", "apt-mark", "dpkg-query", "systemctl", "crictl"],
  ...["apt-cache", "containerd"],
] as const;
const RELAY = join(__dirname, "relay.cjs");

/** What verifies the repositories, in the place of their public key. */
export const KEYRING = "a stand-in for a keyring\n";

/** Where a machine has it, sudo asks for a password. */
const NO_SUDO = "etc/changeover-no-sudo";

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

const find = (name: string): string => {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = folders.map(folder => join(folder, name)).find(existsSync);
  if (found === undefined) throw new Error(`the stand-in machines need ${name} on PATH`);
  return found;
};

const binOf = (folder: string, machine: string): string => join(folder, machine, "bin");

const place = (path: string, text: string): void => {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
};

/** Programs of a machine. Each stand-in asks the process that holds the machines what to do. */
export const placePrograms = (folder: string, machine: string, socket: string): void => {
  const bin = binOf(folder, machine);
  rmSync(bin, { recursive: true, force: true });
  mkdirSync(bin, { recursive: true });
  for (const name of REAL) symlinkSync(find(name), join(bin, name));
  for (const name of STAND_INS) {
    const words = [process.execPath, RELAY, socket, machine, name].map(quoted).join(" ");
    place(join(bin, name), `#!/bin/sh\nexec ${words} "$@"\n`);
  }
  for (const name of HOST_PROGRAMS)
    place(join(bin, name), hostScript({ folder, machine, root: rootOf(folder, machine) }, name));
  const denied = `[ -e ${quoted(join(rootOf(folder, machine), NO_SUDO))} ]`;
  const refusal = '{ echo "sudo: a password is required" >&2; exit 1; }';
  place(join(bin, "sudo"), `#!/bin/sh\n${denied} && ${refusal}\n[ "$1" = -n ] && shift\nexec "$@"\n`);
};

/** What a machine is installed with; a control plane also has what `kubeadm init` left there. */
export const furnish = (
  folder: string,
  { name, controlPlane, packages, containerd }: MachineRecord,
  version: string,
): void => {
  const root = rootOf(folder, name);
  if (existsSync(root)) return;
  sayAsBorn(folder, name);
  for (const path of [
    "etc/apt/sources.list.d",
    "etc/apt/keyrings",
    "etc/kubernetes/manifests",
    "run",
    "var/lib/etcd",
  ])
    mkdirSync(join(root, path), { recursive: true });
  writeFileSync(join(root, "etc/apt/keyrings/kubernetes-apt-keyring.gpg"), KEYRING);
  writeFileSync(join(root, "etc/machine-id"), `${machineIdOf(name)}\n`);
  if (containerd !== undefined) {
    mkdirSync(join(root, "run/containerd"));
    writeFileSync(join(root, "run/containerd/containerd.sock"), "a stand-in for a socket\n");
  }
  if (packages.kubelet === undefined) return;
  writeFileSync(join(root, "etc/kubernetes/kubelet.conf"), "a stand-in for a kubelet's kubeconfig\n");
  if (!controlPlane) return;
  writeFileSync(join(root, "etc/kubernetes/admin.conf"), "a stand-in for an administrator's kubeconfig\n");
  writeManifests(root, version);
};

/** The etcd that kubeadm pins for a minor: cmd/kubeadm/app/constants/constants.go of v1.35.8 and v1.36.4, SupportedEtcdVersion. */
const ETCD: Readonly<Record<string, string>> = { "1.35": "3.6.6-0", "1.36": "3.6.8-0" };

/** Version of etcd that kubeadm of this version installs beside it. */
export const etcdOf = (version: string): string =>
  ETCD[version.split(".").slice(0, 2).join(".")] ?? notCovered(`the etcd of Kubernetes ${version}`);

/** The lines of the static pods that say which versions run; the etcd behind the lab stays the one it is. */
export const writeManifests = (root: string, version: string): void => {
  for (const image of [`kube-apiserver:v${version}`, `etcd:${etcdOf(version)}`])
    writeFileSync(
      join(root, "etc/kubernetes/manifests", `${image.split(":")[0] ?? ""}.yaml`),
      `    image: registry.k8s.io/${image}\n`,
    );
};

/** A command line with the machine's own root, and the environment it runs in. */
export const inSandbox = (
  folder: string,
  machine: string,
  command: string,
): { readonly command: string; readonly env: Readonly<Record<string, string>> } => ({
  command: command.replaceAll(/(^|[\s"'=])\/(?=(?:etc|var|run)\/)/g, `$1${rootOf(folder, machine)}/`),
  env: { PATH: binOf(folder, machine), HOME: rootOf(folder, machine) },
});
