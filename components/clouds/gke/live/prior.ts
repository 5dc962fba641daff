import { closedPools } from "../../shared/live/closedPools";
import { withCluster } from "./access";
import type { Autoscaling, NodePool } from "./nodePool";

/** What a node pool was before it was closed. */
export interface Prior {
  readonly autoscaling: Autoscaling;
  readonly autoRepair: boolean;
}

export const priorOf = ({ autoscaling = {}, management = {} }: NodePool): Prior => ({
  autoscaling,
  autoRepair: management.autoRepair ?? false,
});

export const parsePrior = (text: string): Prior => {
  const found = JSON.parse(text) as Partial<Prior>;
  if (found.autoscaling === undefined || typeof found.autoRepair !== "boolean")
    throw new Error(`the record of a closed pool can't be read: ${text}`);
  return { autoscaling: found.autoscaling, autoRepair: found.autoRepair };
};

export const closed = closedPools(withCluster, parsePrior);
