import { closedPools } from "../../shared/live/closedPools";
import { withCluster } from "./access";
import type { PoolProperties } from "./agentPool";
import { type Bounds, boundsOf } from "./bounds";

/** What an agent pool was before it was closed; without bounds it was not scaled by itself. */
export interface Prior {
  readonly bounds?: Bounds;
}

export const priorOf = (pool: PoolProperties): Prior => {
  const bounds = boundsOf(pool);
  return bounds === undefined ? {} : { bounds };
};

const isCount = (value: unknown): value is number => Number.isInteger(value);

export const parsePrior = (text: string): Prior => {
  const { bounds } = JSON.parse(text) as { readonly bounds?: Partial<Bounds> };
  if (bounds === undefined) return {};
  const { min, max } = bounds;
  if (!isCount(min) || !isCount(max)) throw new Error(`the record of a closed pool can't be read: ${text}`);
  return { bounds: { min, max } };
};

export const closed = closedPools(withCluster, parsePrior);
