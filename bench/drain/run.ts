import { setTimeout as delay } from "node:timers/promises";
import type { Bench } from "../row";
import { apiUse, readApi } from "./apiMeter";
import type { Drive } from "./drive";
import { injectWhenDue } from "./faults";
import type { Ledger, Tally } from "./ledger";
import { keepingLines } from "./logs";
import { type Ended, type Line, type Running, startPrograms } from "./programs";
import { type Result, resultOf } from "./result";
import type { Fault } from "./scenario";
import { watchPods } from "./watchPods";

const LOOK_EVERY_MS = 50;
/** After the last pod has left, for successors to be ready. */
const WHOLE_MS = 60_000;

const namedAt = ({ field, contender }: Drive, lines: readonly Line[]): number | undefined => {
  const blocked = field.scenario.workloads.filter(workload => workload.blocked === true);
  const times = blocked.map(({ name }) => lines.find(({ text }) => contender.names(text, name))?.at);
  return times.length === 0 || times.includes(undefined) ? undefined : Math.max(...times.map(Number));
};

const deadlineOf = ({ limitSeconds }: Drive, startedAt: number): number => startedAt + limitSeconds * 1_000;

/** Empty and whole, or out of time. A crash on green is never whole again: there the clock alone ends it. */
export const untilOver = async ({ signal }: Bench, ledger: Ledger, deadline: number): Promise<void> => {
  while (performance.now() < deadline) {
    signal.throwIfAborted();
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

const waitMsFor = (drive: Drive, startedAt: number, { left }: Tally): number => {
  const leftMs = deadlineOf(drive, startedAt) - performance.now();
  return left > 0 ? 0 : Math.max(0, Math.min(drive.returnSeconds * 1_000, leftMs));
};

const follow = async (drive: Drive): Promise<Result> => {
  const { arena } = drive.field;
  const env = { ...process.env, KUBECONFIG: arena.kubeconfig };
  const steps = drive.contender.steps(drive);
  const start = (): Promise<Running> => startPrograms(steps, { cwd: arena.bench.scratch, env });
  const first = await start();
  const { ledger, stop } = watchPods(drive.field, drive.pool, first.startedAt);
  const fault = injectWhenDue({ drive, ledger, running: first, restart: start });
  const { limitSeconds, logs, contender, field } = drive;
  const play = async (): Promise<Result> => {
    await untilOver(arena.bench, ledger, deadlineOf(drive, first.startedAt));
    const tally = ledger.read(performance.now());
    const running = fault.running();
    const end = await ended(running, waitMsFor(drive, first.startedAt, tally));
    const injected = await fault.stop();
    const over = { limitSeconds, startedAt: first.startedAt, namedAt: namedAt(drive, end.lines), tally, end };
    const result = resultOf(over);
    return { ...result, ...(injected === undefined ? {} : { injected }) };
  };
  const wish = { logs, scenario: field.scenario.name, contender: contender.name };
  try {
    return await keepingLines(wish, () => [...new Set([first, fault.running()])], play);
  } finally {
    stop();
    first.kill();
    await fault.stop();
  }
};

/** Other children of this process end in these, and their processor time can't be told from the contender's. */
const BLURRED: readonly (Fault | undefined)[] = ["restartApiserver", "secondDrainer"];

const followClearly = async (drive: Drive): Promise<Result> => {
  const result = await follow(drive);
  return BLURRED.includes(drive.field.scenario.fault) ? { ...result, cpuSeconds: Number.NaN } : result;
};

/** One drain from start to end, with what the API servers counted meanwhile. */
export const runOnce = async (drive: Drive): Promise<Result> => {
  const { arena, scenario } = drive.field;
  if (scenario.fault === "restartApiserver") return followClearly(drive);
  const before = await readApi(arena);
  const result = await followClearly(drive);
  return { ...result, api: apiUse(before, await readApi(arena)) };
};
