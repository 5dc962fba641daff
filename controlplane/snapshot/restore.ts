import { mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "../files";
import { ensureKubeconfig } from "../pki/kubeconfig";
import { pkiFolder } from "../pki/layout";
import type { CommandContext } from "../plane/commandLines";
import { ensurePrograms, orderFor, type Programs } from "../plane/programs";
import { EndedEarly, waitReady } from "../plane/ready";
import { choosePorts, kubeconfigPath } from "../plane/record";
import { APISERVERS, ETCD, type Role } from "../plane/roles";
import type { RunOptions } from "../plane/spec";
import { identify, isAlive, type ProcessIdentity } from "../process/identity";
import { launch } from "../process/launch";
import { stopRole } from "../process/stop";
import { etcdutl } from "./etcdTools";

/** What to restore, and as what. */
export interface RestoreRequest {
  /** Folder of the control plane whose keys and certificates the data belongs to. */
  readonly dir: string;
  readonly file: string;
  readonly version: string;
  readonly emulated?: string | undefined;
}

const PREFIX = "restore-";
const [APISERVER] = APISERVERS;
const GRACE_MS = 500;
const TRIES = 3;

const ownerPath = (folder: string): string => join(folder, "owner.json");

/** Ends what runs in a throw-away folder, and the folder. Cleaning goes on when the caller was called off. */
const discard = async (folder: string): Promise<void> => {
  const { signal } = new AbortController();
  for (const role of [APISERVER, ETCD]) await stopRole(folder, role, { graceMs: GRACE_MS, signal });
  rmSync(folder, { recursive: true, force: true });
};

const restoresIn = (dir: string): readonly string[] =>
  readdirSync(dir)
    .filter(name => name.startsWith(PREFIX))
    .map(name => join(dir, name));

export const discardRestores = async (dir: string): Promise<void> => {
  for (const folder of restoresIn(dir)) await discard(folder);
};

/** What a killed caller left behind. */
const discardOrphans = async (dir: string): Promise<void> => {
  for (const folder of restoresIn(dir)) {
    const owner = readJson<ProcessIdentity>(ownerPath(folder));
    if (owner === undefined || !isAlive(owner)) await discard(folder);
  }
};

const makeFolder = (dir: string): string => {
  const folder = mkdtempSync(join(dir, PREFIX));
  writeJson(ownerPath(folder), identify(process.pid));
  symlinkSync(pkiFolder(dir), pkiFolder(folder));
  return folder;
};

const unpack = async (
  folder: string,
  request: RestoreRequest,
  options: RunOptions & { readonly peer: number },
): Promise<void> => {
  const peer = `https://127.0.0.1:${options.peer}`;
  const member = ["--name=lab", `--initial-cluster=lab=${peer}`, `--initial-advertise-peer-urls=${peer}`];
  await etcdutl(
    ["snapshot", "restore", request.file, `--data-dir=${join(folder, "etcd")}`, ...member],
    options,
  );
};

const startRole = async (role: Role, server: Server, signal: AbortSignal): Promise<void> => {
  const order = orderFor(role, server.context, server.programs);
  const identity = await launch(server.context.dir, order, signal);
  await waitReady({ dir: server.context.dir, role, port: order.port, identity }, signal);
};

interface Server {
  readonly context: CommandContext;
  readonly programs: Programs;
}

const serve = async (folder: string, request: RestoreRequest, options: RunOptions): Promise<string> => {
  const programs = await ensurePrograms(request.version, options);
  const ports = await choosePorts();
  await unpack(folder, request, { ...options, peer: ports["etcd-peer"] });
  const emulated = request.emulated === undefined ? {} : { emulated: request.emulated };
  const server: Server = { context: { dir: folder, ports, ...emulated }, programs };
  await startRole(ETCD, server, options.signal);
  await startRole(APISERVER, server, options.signal);
  const path = kubeconfigPath(folder);
  ensureKubeconfig(folder, path, {
    name: "restored",
    server: `https://127.0.0.1:${ports[APISERVER]}`,
    leaf: "admin",
  });
  return path;
};

/** Another server may take a port between our look and our start: then all is thrown away and done again elsewhere. */
const serveSomewhere = async (
  request: RestoreRequest,
  options: RunOptions,
  attempt = 1,
): Promise<[string, string]> => {
  const folder = makeFolder(request.dir);
  try {
    return [folder, await serve(folder, request, options)];
  } catch (error) {
    await discard(folder);
    if (!(error instanceof EndedEarly) || attempt >= TRIES) throw error;
    return serveSomewhere(request, options, attempt + 1);
  }
};

/**
 * Restores a snapshot into an etcd and an apiserver of their own, gives `use` their kubeconfig, and takes both away
 * again however `use` ends. Nobody else talks to them: no controller acts on what was restored.
 */
export const withRestored = async <T>(
  request: RestoreRequest,
  options: RunOptions,
  use: (kubeconfig: string) => Promise<T>,
): Promise<T> => {
  const dir = realpathSync(request.dir);
  await discardOrphans(dir);
  const [folder, kubeconfig] = await serveSomewhere({ ...request, dir }, options);
  try {
    return await use(kubeconfig);
  } finally {
    await discard(folder);
  }
};
