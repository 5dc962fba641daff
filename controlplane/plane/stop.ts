import { existsSync, realpathSync, rmSync } from "node:fs";
import { exclusively } from "../exclusive";
import { discardRestores } from "../snapshot/restore";
import { stopRole } from "../process/stop";
import { BALANCER, APISERVERS, CONTROLLER_MANAGER, ETCD, SCHEDULER, type Role } from "./roles";
import type { RunOptions } from "./spec";

/** Nothing outlives the folder, so nobody has to be let finish. */
const GRACE_MS = 1_500;
/** Those who write end before those who are written to. */
const PHASES: readonly (readonly Role[])[] = [
  [CONTROLLER_MANAGER, SCHEDULER],
  [...APISERVERS, BALANCER],
  [ETCD],
];

const stopProcesses = async (dir: string, signal: AbortSignal): Promise<void> => {
  for (const phase of PHASES)
    await Promise.all(phase.map(role => stopRole(dir, role, { graceMs: GRACE_MS, signal })));
};

/** Ends every process of the control plane in `dir` and removes the folder. Nothing there is fine. */
export const stopControlPlane = async (dir: string, options: RunOptions): Promise<void> => {
  if (!existsSync(dir)) return;
  const real = realpathSync(dir);
  await exclusively(real, options, async inside => {
    await discardRestores(real);
    await stopProcesses(real, inside.signal);
    rmSync(real, { recursive: true, force: true });
  });
};
