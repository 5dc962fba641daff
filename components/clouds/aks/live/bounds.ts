import type { PoolProperties } from "./agentPool";

export interface Bounds {
  readonly min: number;
  readonly max: number;
}

/** `undefined` = the autoscaler has nothing to say of this pool. */
export const boundsOf = ({
  enableAutoScaling,
  minCount = 0,
  maxCount = 0,
}: PoolProperties): Bounds | undefined =>
  enableAutoScaling === true ? { min: minCount, max: maxCount } : undefined;

/** AKS takes no bounds of a pool that is not scaled by itself. */
export const withoutScaling = (now: PoolProperties): PoolProperties => {
  const { minCount: _min, maxCount: _max, ...rest } = now;
  return { ...rest, enableAutoScaling: false };
};

/** The count follows: AKS takes none outside the bounds. */
export const withBounds = (now: PoolProperties, { min, max }: Bounds): PoolProperties => ({
  ...now,
  enableAutoScaling: true,
  minCount: min,
  maxCount: max,
  count: Math.min(max, Math.max(min, now.count ?? 0)),
});
