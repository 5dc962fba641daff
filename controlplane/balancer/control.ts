import { readJson, readText, writeJson } from "../files";
import { waitFor } from "../wait";
import { balancerFiles, ensureBalancerFolder } from "./files";
import { parseOrders, withBackends, type Backend, type BalancerOrders, type BalancerReport } from "./state";

const FOLLOW_DEADLINE_MS = 5_000;

const readOrders = (dir: string): BalancerOrders | undefined =>
  parseOrders(readText(balancerFiles(dir).orders) ?? "");

/** Writes orders only when the backends differ from those written: an unchanged plane stays untouched. */
export const writeOrders = (dir: string, backends: readonly Backend[]): BalancerOrders => {
  const before = readOrders(dir);
  if (before !== undefined && JSON.stringify(before.backends) === JSON.stringify(backends)) return before;
  const orders = withBackends(before, backends);
  ensureBalancerFolder(dir);
  writeJson(balancerFiles(dir).orders, orders);
  return orders;
};

const readReport = (dir: string): BalancerReport | undefined =>
  readJson<BalancerReport>(balancerFiles(dir).report);

/** Orders the balancer and waits until it says that it follows. */
export const orderBackends = async (
  dir: string,
  backends: readonly Backend[],
  signal: AbortSignal,
): Promise<void> => {
  const { revision } = writeOrders(dir, backends);
  const look = (): true | undefined => ((readReport(dir)?.revision ?? -1) >= revision ? true : undefined);
  await waitFor(look, { signal, deadlineMs: FOLLOW_DEADLINE_MS }, () => ({
    code: "ControlPlane.BalancerSilent",
    path: "balancer",
    message: `the balancer did not take its new orders within ${FOLLOW_DEADLINE_MS / 1000} s`,
    fix: "run the command again: a balancer that died is started again",
  }));
};

/** Waits until a closed backend has no request under way, as far as traffic tells, at most `mostMs`. */
export const waitQuiet = async (
  dir: string,
  backend: string,
  options: { mostMs: number; signal: AbortSignal },
): Promise<void> => {
  const look = (): true | undefined => {
    const count = readReport(dir)?.connections[backend];
    return count?.busy === 0 ? true : undefined;
  };
  const deadline = AbortSignal.timeout(options.mostMs);
  const signal = AbortSignal.any([options.signal, deadline]);
  try {
    await waitFor(look, { signal, deadlineMs: options.mostMs }, () => ({
      code: "ControlPlane.StillBusy",
      path: backend,
      message: `${backend} is still busy`,
      fix: "wait",
    }));
  } catch {
    // A watch that never falls silent is no reason to wait on: the apiserver finishes requests before it ends.
    options.signal.throwIfAborted();
  }
};
