import { rmSync } from "node:fs";
import { orderBackends, waitQuiet, writeOrders } from "../balancer/control";
import { balancerFiles } from "../balancer/files";
import type { Backend } from "../balancer/state";
import { launch, readProcess } from "../process/launch";
import { stopRole } from "../process/stop";
import { noteOpened } from "./opened";
import { describeStep, type Orders, type PlaneStep } from "./plan";
import { isReady, waitReady } from "./ready";
import { APISERVERS, BALANCER, isApiserver, type Apiserver, type Role } from "./roles";
import type { RunOptions } from "./spec";

/** Requests finish within this; the apiserver's own limit for one request is a minute. */
const APISERVER_GRACE_MS = 70_000;
const OTHER_GRACE_MS = 20_000;
/** An apiserver that is not ready (its etcd is gone) has nobody to finish for, and would wait its whole grace. */
const UNREADY_GRACE_MS = 2_000;
/** A connection that carries a watch never falls quiet: the wait for quiet is a courtesy, not a condition. */
const QUIET_MOST_MS = 3_000;

/** A run in progress: which apiservers the balancer may send new connections to. */
export interface Run {
  readonly dir: string;
  readonly orders: Orders;
  readonly open: Set<Apiserver>;
  readonly options: RunOptions;
}

const backendsOf = (run: Run): readonly Backend[] =>
  APISERVERS.map(name => ({ name, port: run.orders[name].port, open: run.open.has(name) }));

const tellBalancer = async (run: Run): Promise<void> => {
  if (readProcess(run.dir, BALANCER)?.alive === true)
    await orderBackends(run.dir, backendsOf(run), run.options.signal);
  else writeOrders(run.dir, backendsOf(run));
};

const start = async (run: Run, role: Role): Promise<void> => {
  const { dir, options } = run;
  const order = run.orders[role];
  if (role === BALANCER) rmSync(balancerFiles(dir).report, { force: true });
  const identity = await launch(dir, order, options.signal);
  await waitReady({ dir, role, port: order.port, identity }, options.signal);
  if (!isApiserver(role)) return;
  noteOpened(dir, order);
  run.open.add(role);
  await tellBalancer(run);
};

const graceOf = async (dir: string, role: Role): Promise<number> => {
  if (!isApiserver(role)) return OTHER_GRACE_MS;
  const port = readProcess(dir, role)?.order.port ?? 0;
  return (await isReady({ dir, role, port })) ? APISERVER_GRACE_MS : UNREADY_GRACE_MS;
};

const stop = async (run: Run, role: Role): Promise<void> => {
  const graceMs = await graceOf(run.dir, role);
  await stopRole(run.dir, role, { graceMs, signal: run.options.signal });
};

/** Out of the balancer, quiet, ended gracefully, new one started, ready, back in: in this order nobody is refused. */
const roll = async (run: Run, role: Apiserver): Promise<void> => {
  run.open.delete(role);
  await tellBalancer(run);
  await waitQuiet(run.dir, role, { mostMs: QUIET_MOST_MS, signal: run.options.signal });
  await stop(run, role);
  await start(run, role);
};

const perform = async (run: Run, step: PlaneStep): Promise<void> => {
  const began = Date.now();
  switch (step.kind) {
    case "start":
      await start(run, step.role);
      break;
    case "restart":
      await stop(run, step.role);
      await start(run, step.role);
      break;
    case "roll":
      await roll(run, step.role);
      break;
  }
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  run.options.progress(`${describeStep(step)}: ${run.orders[step.role].program} ready after ${seconds} s`);
};

/** All of a phase at once, and all of them heard out: one that fails must not leave another half-started. */
const performTogether = async (run: Run, phase: readonly PlaneStep[]): Promise<void> => {
  const results = await Promise.allSettled(phase.map(step => perform(run, step)));
  const failed = results.find(result => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
};

export const executePhases = async (run: Run, phases: readonly (readonly PlaneStep[])[]): Promise<void> => {
  await tellBalancer(run);
  for (const phase of phases) {
    run.options.signal.throwIfAborted();
    await performTogether(run, phase);
  }
};
