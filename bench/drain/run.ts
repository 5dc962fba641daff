import { setTimeout as delay } from "node:timers/promises";
import { apiUse, type ApiUse, readApi } from "./apiMeter";
import type { Drive } from "./drive";
import { type Injected, injectWhenDue } from "./faults";
import type { Ledger, Tally } from "./ledger";
import { type Ended, type Line, type Running, startPrograms } from "./programs";
import { watchPods } from "./watchPods";

/** What one drain of one contender was like. Seconds from its start; absent = it never happened. */
export interface Result {
  readonly makespan?: number;
  /** It was ended with pods still on blue: it would have taken longer than this. */
  readonly endedAfter?: number;
  /** Until every workload had all of its pods ready again. */
  readonly whole?: number;
  /** Until the command came back. */
  readonly returned?: number;
  readonly firstEviction?: number;
  readonly lastEviction?: number;
  /** Until all blocked workloads had been named. */
  readonly named?: number;
  readonly unavailablePodSeconds: number;
  readonly violations: number;
  readonly doubleMoves: number;
  readonly moved: number;
  readonly left: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly api?: ApiUse;
  readonly injected?: Injected;
}

const LOOK_EVERY_MS = 50;
/** After the last pod has left, for successors to be ready. */
const WHOLE_MS = 60_000;
const RETURN_MS = 30_000;

const namedAt = ({ field, contender }: Drive, lines: readonly Line[]): number | undefined => {
  const blocked = field.scenario.workloads.filter(workload => workload.blocked === true);
  const times = blocked.map(({ name }) => lines.find(({ text }) => contender.names(text, name))?.at);
  return times.length === 0 || times.includes(undefined) ? undefined : Math.max(...times.map(Number));
};

const deadlineOf = ({ limitSeconds }: Drive, startedAt: number): number => startedAt + limitSeconds * 1_000;

/** Empty and whole, or out of time. A crash on green is never whole again: there the clock alone ends it. */
const untilOver = async (drive: Drive, ledger: Ledger, startedAt: number): Promise<void> => {
  const { arena } = drive.field;
  const deadline = deadlineOf(drive, startedAt);
  while (performance.now() < deadline) {
    arena.bench.signal.throwIfAborted();
    const { emptyAt, wholeAt } = ledger.read(performance.now());
    if (emptyAt !== undefined && (wholeAt !== undefined || performance.now() > emptyAt + WHOLE_MS)) return;
    await delay(LOOK_EVERY_MS);
  }
};

const ended = async (running: Running, waitMs: number): Promise<Ended & { readonly asked: boolean }> => {
  let asked = false;
  const ask = (): void => {
    asked = true;
    running.stop();
  };
  const timer = setTimeout(ask, waitMs);
  const end = await running.done;
  clearTimeout(timer);
  return { ...end, asked };
};

type Times = Pick<Result, "makespan" | "whole" | "returned" | "firstEviction" | "lastEviction" | "named">;

const timesOf = (startedAt: number, at: Readonly<Record<keyof Times, number | undefined>>): Times =>
  Object.fromEntries(
    Object.entries(at).flatMap(([what, time]) =>
      time === undefined ? [] : [[what, (time - startedAt) / 1_000]],
    ),
  );

interface Over {
  readonly startedAt: number;
  readonly tally: Tally;
  readonly end: Ended & { readonly asked: boolean };
}

const resultOf = (drive: Drive, { startedAt, tally, end }: Over): Result => {
  const { unavailablePodSeconds, violations, doubleMoves, moved, left } = tally;
  return {
    ...(tally.emptyAt === undefined ? { endedAfter: drive.limitSeconds } : {}),
    ...timesOf(startedAt, {
      makespan: tally.emptyAt,
      whole: tally.emptyAt === undefined ? undefined : tally.wholeAt,
      returned: end.asked ? undefined : end.endedAt,
      firstEviction: tally.firstGoingAt,
      lastEviction: tally.lastGoingAt,
      named: namedAt(drive, end.lines),
    }),
    unavailablePodSeconds,
    violations,
    doubleMoves,
    moved,
    left,
    cpuSeconds: end.cpuSeconds,
    peakMegabytes: end.peakMegabytes,
  };
};

/** To come back by itself, once all is done. */
const waitMsFor = (drive: Drive, startedAt: number, { left }: Tally): number =>
  left > 0 ? 0 : Math.min(RETURN_MS, Math.max(0, deadlineOf(drive, startedAt) - performance.now()));

const follow = async (drive: Drive): Promise<Result> => {
  const { arena } = drive.field;
  const env = { ...process.env, KUBECONFIG: arena.kubeconfig };
  const steps = drive.contender.steps(drive);
  const start = (): Promise<Running> => startPrograms(steps, { cwd: arena.bench.scratch, env });
  const first = await start();
  const { ledger, stop } = watchPods(drive.field, drive.pool, first.startedAt);
  const fault = injectWhenDue({ drive, ledger, running: first, restart: start });
  try {
    await untilOver(drive, ledger, first.startedAt);
    const tally = ledger.read(performance.now());
    const running = fault.running();
    const end = await ended(running, waitMsFor(drive, first.startedAt, tally));
    const injected = await fault.stop();
    const result = resultOf(drive, { startedAt: first.startedAt, tally, end });
    return { ...result, ...(injected === undefined ? {} : { injected }) };
  } finally {
    stop();
    first.kill();
    await fault.stop();
  }
};

/** One drain from start to end, with what the API servers counted meanwhile. */
export const runOnce = async (drive: Drive): Promise<Result> => {
  const { arena, scenario } = drive.field;
  if (scenario.fault === "restartApiserver") return follow(drive);
  const before = await readApi(arena);
  const result = await follow(drive);
  return { ...result, api: apiUse(before, await readApi(arena)) };
};
