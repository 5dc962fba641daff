import type { StackSpec } from "../../core/config";
import { connectionOf, type ConnectionRecipe } from "../../core/config/connection";
import { desiredOf } from "../../core/upgrade/desired";
import type { CloudFacts } from "../clouds/contract";
import type { DesiredStack } from "../gates/upgradeGate/protocol";
import type { Transition } from "../gates/transition";
import { planPool, type PoolPlan } from "../pool/poolPlan";

/** The whole graph as plain data: what a preview shows is decided here, from config alone. */
export interface ClusterPlan {
  readonly spec: StackSpec;
  readonly connection: ConnectionRecipe;
  readonly pools: readonly PoolPlan[];
  readonly transition: Transition;
  readonly desired: DesiredStack;
}

export const planCluster = (
  spec: StackSpec,
  { kubeletMayTrail, controlPlaneBack }: CloudFacts,
): ClusterPlan => {
  const desired = { ...desiredOf(spec, { kubeletMayTrail, controlPlaneBack }), ...withAddOns(spec) };
  return {
    spec,
    desired,
    pools: spec.pools.map(pool => planPool(spec.cluster.name, pool)),
    connection: connectionOf(spec.cluster),
    transition: {
      version: spec.cluster.version,
      stage: spec.cluster.stage,
      generations: desired.generations,
    },
  };
};

/** Said only where there are some: elsewhere nothing of it is in anybody's state. */
const withAddOns = ({ addOns }: StackSpec): Pick<DesiredStack, "addOns"> =>
  Object.keys(addOns).length === 0 ? {} : { addOns };
