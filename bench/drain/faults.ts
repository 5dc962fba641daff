import { newestVersion } from "../../controlplane";
import { KINDS, objectPath, type PodView } from "../../kube";
import { ensureLab, labStatus, SIMULATE } from "../../lab";
import { LAB } from "./arena";
import { secondDrainer } from "./contenders";
import type { Ledger } from "./ledger";
import { type Running, startPrograms } from "./programs";
import type { Drive } from "./drive";
import { podsOf } from "./scenario";

/** What was done to a run, and what came of it. Seconds. */
export interface Injected {
  /** From the run's start. */
  readonly at: number;
  /** From the word to start again to the next eviction. */
  readonly resumed?: number;
  /** Pods that were still sent away after this, and for how long. */
  readonly evictedAfter: number;
  readonly evictedForSeconds: number;
}

export interface Victim {
  readonly drive: Drive;
  readonly ledger: Ledger;
  readonly running: Running;
  readonly restart: () => Promise<Running>;
}

export interface FaultRun {
  /** The program that counts now. */
  readonly running: () => Running;
  readonly stop: () => Promise<Injected | undefined>;
}

const LOOK_EVERY_MS = 50;
/** Of the pods must have left when it happens. */
const DUE_SHARE = 0.3;

type Act = (victim: Victim, signal: AbortSignal) => Promise<Running | undefined>;

const restartApiserver: Act = async ({ drive }) => {
  const { bench } = drive.field.arena;
  const server = labStatus(LAB).processes.find(({ role }) => role.startsWith("kube-apiserver"));
  if (server?.pid !== undefined) process.kill(server.pid, "SIGKILL");
  const options = { progress: () => undefined, signal: bench.signal };
  await ensureLab({ name: LAB, version: newestVersion() }, options);
  return undefined;
};

const startSecond: Act = async ({ drive }, signal) => {
  const { arena } = drive.field;
  const env = { ...process.env, KUBECONFIG: arena.kubeconfig };
  const second = await startPrograms([[secondDrainer(arena, drive.pool)]], { cwd: arena.bench.scratch, env });
  signal.addEventListener("abort", second.stop, { once: true });
  await second.done;
  return undefined;
};

const killDrainer: Act = async ({ running, restart }) => {
  running.kill();
  await running.done;
  return restart();
};

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => signal.addEventListener("abort", () => resolve(), { once: true }));

/** Every pod that is made from now on crashes as soon as it would be ready; at the end these are removed. */
const crashOnGreen: Act = async ({ drive }, signal) => {
  const { pods, arena } = drive.field;
  const known = new Set(pods.snapshot().keys());
  const spoiled: string[] = [];
  const patch = { metadata: { annotations: { [SIMULATE.fail]: "crash-loop" } } };
  const spoil = ({ uid, namespace, name }: PodView): void => {
    if (known.has(uid)) return;
    known.add(uid);
    const path = objectPath(KINDS.pods, { namespace, name });
    spoiled.push(path);
    arena.kube.request({ method: "PATCH", path, body: patch, repeatable: true }).catch(() => undefined);
  };
  const stop = pods.onChange(({ kind, object }) => {
    if (kind === "set") spoil(object);
  });
  await aborted(signal);
  stop();
  const body = { gracePeriodSeconds: 0 };
  await Promise.allSettled(spoiled.map(path => arena.kube.request({ method: "DELETE", path, body })));
  return undefined;
};

const ACTS: Readonly<Record<string, Act>> = {
  restartApiserver,
  secondDrainer: startSecond,
  killDrainer,
  crashOnGreen,
};

interface Done {
  readonly at: number;
  readonly moved: number;
  restartedAt?: number;
  resumedAt?: number;
}

const untilDue = async ({ drive, ledger }: Victim, signal: AbortSignal): Promise<void> => {
  const due = podsOf(drive.field.scenario) * DUE_SHARE;
  while (!signal.aborted && ledger.read(performance.now()).moved < due)
    await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS));
};

/** Resolves with the time of the first eviction after this many. */
const untilMore = async ({ ledger }: Victim, moved: number, signal: AbortSignal): Promise<number> => {
  while (!signal.aborted && ledger.read(performance.now()).moved <= moved)
    await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS / 5));
  return performance.now();
};

const injectedOf = ({ running, ledger }: Victim, done: Done): Injected => {
  const { moved, lastGoingAt = done.at } = ledger.read(performance.now());
  const { restartedAt, resumedAt } = done;
  return {
    at: (done.at - running.startedAt) / 1_000,
    ...(restartedAt === undefined || resumedAt === undefined
      ? {}
      : { resumed: (resumedAt - restartedAt) / 1_000 }),
    evictedAfter: moved - done.moved,
    evictedForSeconds: Math.max(0, lastGoingAt - done.at) / 1_000,
  };
};

/** Waits until enough pods have left, and then does to the run what its scenario says. */
export const injectWhenDue = (victim: Victim): FaultRun => {
  const act = ACTS[victim.drive.field.scenario.fault ?? ""];
  const stopped = new AbortController();
  let running = victim.running;
  let done: Done | undefined;
  const inject = async (): Promise<void> => {
    if (act === undefined) return;
    await untilDue(victim, stopped.signal);
    if (stopped.signal.aborted) return;
    const record: Done = { at: performance.now(), moved: victim.ledger.read(performance.now()).moved };
    done = record;
    const next = await act(victim, stopped.signal);
    if (next === undefined) return;
    running = next;
    record.restartedAt = next.startedAt;
    const { moved } = victim.ledger.read(next.startedAt);
    record.resumedAt = await untilMore(victim, moved, stopped.signal);
  };
  const injecting = inject();
  injecting.catch(() => undefined);
  return {
    running: () => running,
    stop: async () => {
      const injected = done === undefined ? undefined : injectedOf(victim, done);
      stopped.abort();
      running.stop();
      await injecting;
      return injected;
    },
  };
};
