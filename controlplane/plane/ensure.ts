import { mkdirSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { type Problem, ProblemError } from "../../core/problem";
import { exclusively } from "../exclusive";
import { ensurePki } from "../pki/ensurePki";
import { ensureKubeconfig } from "../pki/kubeconfig";
import { askServer } from "../probe";
import { waitFor } from "../wait";
import { executePhases, type Run } from "./execute";
import { apiserverVersions, checkMove } from "./move";
import { noteOpened, thoseThatServed } from "./opened";
import { phasesOf, planConvergence, type Orders, type Seen } from "./plan";
import { contextOf, ensurePrograms, orderFor, type Programs } from "./programs";
import { readControlPlane, seeProcesses } from "./read";
import { EndedEarly, waitReady } from "./ready";
import {
  apiserverCountOf,
  choosePorts,
  componentKubeconfig,
  kubeconfigPath,
  readRecord,
  replaceTakenPorts,
  writeRecord,
  type PlaneRecord,
  type PortName,
} from "./record";
import {
  APISERVERS,
  BALANCER,
  CONTROLLER_MANAGER,
  ETCD,
  type Role,
  ROLES,
  rolesWith,
  SCHEDULER,
} from "./roles";
import type { ControlPlaneSpec, ControlPlaneState, RunOptions } from "./spec";

const UID_DEADLINE_MS = 30_000;
/** A port can be taken between our look and our server's; each time others are chosen. */
const TRIES = 4;

const refuseIllegal = (dir: string, spec: ControlPlaneSpec): void => {
  const seen = seeProcesses(dir);
  const served = thoseThatServed(
    dir,
    APISERVERS.map(role => seen[role]),
  );
  const problems = [...checkCount(dir, spec), ...checkMove(apiserverVersions(served), spec)];
  if (problems.length > 0)
    throw new ProblemError(`the control plane ${spec.name} cannot become ${spec.version}`, problems);
};

/** Who has two of them relies on it: a later call neither takes one away nor adds one unasked. */
const checkCount = (dir: string, { apiserverCount }: ControlPlaneSpec): readonly Problem[] => {
  const record = readRecord(dir);
  const found = apiserverCountOf(record);
  if (record === undefined || apiserverCount === undefined || apiserverCount === found) return [];
  return [
    {
      code: "ControlPlane.ApiserverCount",
      path: "apiserverCount",
      message: `it was made with ${found} API server(s); found ${apiserverCount}`,
      fix: "leave the number out, or make another control plane",
    },
  ];
};

const idlePorts = (seen: Seen): readonly PortName[] => {
  const idle = ROLES.filter(role => seen[role]?.alive !== true);
  return idle.includes(ETCD) ? [...idle, "etcd-peer"] : idle;
};

const ensureRecord = async (dir: string, spec: ControlPlaneSpec, seen: Seen): Promise<PlaneRecord> => {
  const before = readRecord(dir);
  const found = before ?? {
    protocol: 1 as const,
    name: spec.name,
    version: spec.version,
    ports: await choosePorts(),
    ...(spec.apiserverCount === 1 ? { apiserverCount: spec.apiserverCount } : {}),
  };
  const base = (await replaceTakenPorts(found, idlePorts(seen))) ?? found;
  const record: PlaneRecord = { ...base, version: spec.version, emulated: spec.emulated };
  if (JSON.stringify(record) !== JSON.stringify(before)) writeRecord(dir, record);
  return record;
};

const ensureKubeconfigs = (dir: string, record: PlaneRecord): void => {
  const server = `https://127.0.0.1:${record.ports[BALANCER]}`;
  ensureKubeconfig(dir, kubeconfigPath(dir), { name: record.name, server, leaf: "admin" });
  mkdirSync(join(dir, "kubeconfigs"), { recursive: true, mode: 0o700 });
  for (const [role, leaf] of [
    [CONTROLLER_MANAGER, "controller-manager"],
    [SCHEDULER, "scheduler"],
  ] as const)
    ensureKubeconfig(dir, componentKubeconfig(dir, role), { name: record.name, server, leaf });
};

/** Apiservers that live must answer before another one is touched, and before we say that all is well. */
const openKept = async (run: Run, seen: Seen): Promise<void> => {
  for (const role of APISERVERS) {
    const found = seen[role];
    if (found?.alive !== true || found.identity === undefined) continue;
    await waitReady(
      { dir: run.dir, role, port: found.order.port, identity: found.identity },
      run.options.signal,
    );
    noteOpened(run.dir, found.order);
    run.open.add(role);
  }
};

interface Target {
  readonly dir: string;
  readonly spec: ControlPlaneSpec;
  readonly programs: Programs;
}

const convergeOnce = async ({ dir, spec, programs }: Target, options: RunOptions): Promise<void> => {
  const seen = seeProcesses(dir);
  const record = await ensureRecord(dir, spec, seen);
  ensureKubeconfigs(dir, record);
  const context = contextOf(dir, spec, record.ports);
  const orders = Object.fromEntries(ROLES.map(role => [role, orderFor(role, context, programs)])) as Orders;
  const phases = phasesOf(planConvergence(seen, orders, rolesWith(apiserverCountOf(record))));
  const run: Run = { dir, orders, open: new Set(), options };
  // Without etcd no apiserver is ready, and waiting for one would be in vain.
  if (seen[ETCD]?.alive === true) await openKept(run, seen);
  else for (const role of APISERVERS) if (seen[role]?.alive === true) run.open.add(role);
  await executePhases(run, phases);
  await openKept(run, seeProcesses(dir));
};

/** A controller that is still starting when its API server goes ends by itself, after we saw it alive. */
const fallenIn = (dir: string): readonly Role[] => {
  const seen = seeProcesses(dir);
  return rolesWith(apiserverCountOf(readRecord(dir))).filter(role => seen[role]?.alive !== true);
};

/** @returns why it must be tried again; undefined = done. */
const attempt = async (target: Target, options: RunOptions): Promise<string | undefined> => {
  try {
    await convergeOnce(target, options);
  } catch (error) {
    if (!(error instanceof EndedEarly)) throw error;
    return `${error.problems[0]?.path ?? "a server"} ended meanwhile`;
  }
  const fallen = fallenIn(target.dir);
  return fallen.length === 0 ? undefined : `${fallen.join(", ")} ended meanwhile`;
};

const converge = async (target: Target, options: RunOptions): Promise<void> => {
  for (let tries = 1; tries < TRIES; tries += 1) {
    const again = await attempt(target, options);
    if (again === undefined) return;
    options.progress(`${again}; trying again`);
  }
  await convergeOnce(target, options);
};

/** The UID of kube-system is what the community uses as the identity of a cluster. */
const readUid = async (dir: string, port: number, signal: AbortSignal): Promise<string> => {
  const path = "/api/v1/namespaces/kube-system";
  const look = async (): Promise<string | undefined> => {
    const answer = await askServer({ dir, side: "api", port, path });
    if (answer?.status !== 200) return undefined;
    return (JSON.parse(answer.body) as { metadata?: { uid?: string } }).metadata?.uid;
  };
  return waitFor(look, { signal, deadlineMs: UID_DEADLINE_MS }, () => ({
    code: "ControlPlane.NotReady",
    path: "kube-system",
    message: `the API gave no kube-system namespace within ${UID_DEADLINE_MS / 1000} s`,
    fix: "run the command again",
  }));
};

const ensureUid = async (dir: string, signal: AbortSignal): Promise<void> => {
  const record = readRecord(dir);
  if (record === undefined || record.uid !== undefined) return;
  writeRecord(dir, { ...record, uid: await readUid(dir, record.ports[BALANCER], signal) });
};

/**
 * Brings the control plane in `dir` to `spec`, from whatever is found: nothing, dead processes, an older version, or
 * what an interrupted run left. Rejects with a ProblemError before anything changed when the move is illegal.
 */
export const ensureControlPlane = async (
  dir: string,
  spec: ControlPlaneSpec,
  options: RunOptions,
): Promise<ControlPlaneState> => {
  refuseIllegal(dir, spec);
  const programs = await ensurePrograms(spec.version, options);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const real = realpathSync(dir);
  return exclusively(real, options, async inside => {
    refuseIllegal(real, spec);
    await ensurePki(real);
    await converge({ dir: real, spec, programs }, inside);
    await ensureUid(real, inside.signal);
    const state = readControlPlane(real);
    if (state === undefined) throw new Error(`${real} lost its control plane while it was converged`);
    return state;
  });
};
