import * as pulumi from "../sdk";
import type { StackSpec } from "../../core/config";
import { cloudOf } from "../clouds/registry";
import { NodePool } from "../pool/nodePool";
import type { PoolPlan } from "../pool/poolPlan";
import { TYPE } from "../names";
import { openAddOns } from "./addOns";
import { planCluster } from "./clusterPlan";
import { openControlPlane } from "./controlPlane";
import { moveWorkloads } from "./moveWorkloads";
import { openPlatform } from "./platform";
import type { Platform } from "./platformPlace";
import type { ClusterSteps } from "./steps";

export interface UpgradableClusterOptions extends pulumi.ComponentResourceOptions {
  /** What of your own runs in the cluster and is upgraded in its place among the steps. */
  readonly platform?: Platform;
}

/** A cluster whose upgrade is a change of `spec.cluster.version`. */
export class UpgradableCluster extends pulumi.ComponentResource {
  /** The version the control plane is asked to run, as written. */
  readonly version: string;
  /** Pool name → id of the generation it runs on. */
  readonly generations: Readonly<Record<string, string>>;

  /** @param spec a parsed stack: see `parseStack`. */
  constructor(spec: StackSpec, { platform, ...opts }: UpgradableClusterOptions = {}) {
    super(TYPE.cluster, spec.cluster.name, describeInputs(spec), opts);
    const { facts, open } = cloudOf(spec.cluster.cloud);
    const cloud = { facts, resources: open(spec.cluster, this) };
    const plan = planCluster(spec, cloud.facts);
    const { controlPlane, healthy } = openControlPlane(this, plan, cloud);
    const steps = { plan, cloud, controlPlane, platform };
    const addOns = openAddOns(this, { ...steps, when: "beforeNodes" }, [healthy]);
    const before = openPlatform(this, { ...steps, when: "beforeNodes" }, [healthy, ...addOns]);
    const ready = [healthy, ...addOns, ...before];
    const pools = openPools(this, steps, ready);
    moveWorkloads(this, steps, pools.length === 0 ? ready : gatesOf(pools));
    this.version = plan.transition.version;
    this.generations = plan.transition.generations;
    this.registerOutputs({ version: this.version, generations: this.generations });
  }
}

const describeInputs = (spec: StackSpec): pulumi.Inputs => ({
  cluster: spec.cluster,
  pools: spec.pools.map(({ name, version, hold, remove, protect, strategy }) => ({
    name,
    version,
    hold,
    remove,
    protect,
    strategy,
  })),
});

/** The order in which they are made: first those that others may run on. */
const inOrder = ({
  plan,
  cloud,
}: ClusterSteps): { first: readonly PoolPlan[]; then: readonly PoolPlan[] } => {
  const isLater = ({ spec }: PoolPlan): boolean => cloud.facts.needsOtherPools?.(spec) === true;
  return { first: plan.pools.filter(pool => !isLater(pool)), then: plan.pools.filter(isLater) };
};

const gatesOf = (pools: readonly NodePool[]): readonly pulumi.Resource[] =>
  pools.flatMap(pool => pool.generations.map(generation => generation.gate));

/** Side by side; one after another, each proven first, where the cloud takes one operation at a time. */
const openPools = (
  parent: UpgradableCluster,
  args: ClusterSteps,
  ready: readonly pulumi.Resource[],
): readonly NodePool[] => {
  const opened: NodePool[] = [];
  const { first, then } = inOrder(args);
  for (const pool of first) {
    const previous = args.cloud.facts.oneOperation === true ? opened.slice(-1) : [];
    const dependsOn = [...ready, ...gatesOf(previous)];
    opened.push(new NodePool({ ...args, pool }, { parent, dependsOn }));
  }
  const dependsOn = [...ready, ...gatesOf(opened)];
  return [...opened, ...then.map(pool => new NodePool({ ...args, pool }, { parent, dependsOn }))];
};
