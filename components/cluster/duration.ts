import type { StackSpec } from "../../core/config";
import type { PoolSpec } from "../../core/config/pools";

/**
 * How long one `up` takes where every pool moves, in seconds: at least its soaks, which nothing shortens; at most what
 * its own deadlines allow once the control plane is there.
 */
export const durationOf = ({
  pools,
  soak,
  health,
  validation,
}: StackSpec): { readonly least: number; readonly most: number } => {
  const moving = pools.filter(({ hold }) => !hold);
  const jobs = validation.jobs.reduce((sum, { timeoutSeconds }) => sum + timeoutSeconds, 0);
  const longest = ({ drain }: PoolSpec): number =>
    Math.min(drain.timeoutSeconds, drain.deadlinePerUpSeconds) + health.timeoutSeconds + jobs + soak.seconds;
  return {
    least: moving.length * soak.seconds,
    most: moving.reduce((sum, pool) => sum + longest(pool), health.timeoutSeconds),
  };
};
