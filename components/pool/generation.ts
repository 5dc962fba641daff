import * as pulumi from "../sdk";
import { MACHINE_KEYS } from "../../core/config";
import { generationInputs } from "../../core/identity/generation";
import type { Cloud, MachineSpec } from "../clouds/contract";
import type { ClusterPlan } from "../cluster/clusterPlan";
import type { GenerationPlan } from "./poolPlan";
import { generationGate } from "../gates/generationGate/resource";
import { interlock } from "../gates/interlock/resource";
import { TYPE } from "../names";
import { taintKeysOf } from "./taintKeys";

export interface GenerationArgs {
  readonly plan: ClusterPlan;
  readonly generation: GenerationPlan;
  readonly cloud: Cloud;
  readonly controlPlane: pulumi.Resource;
}

/** One immutable incarnation of a pool: its machines, the interlock that lets them go, the gate that proves them. */
export class Generation extends pulumi.ComponentResource {
  readonly gate: pulumi.Resource;

  constructor(args: GenerationArgs, opts: pulumi.ComponentResourceOptions) {
    const { plan, generation } = args;
    super(TYPE.generation, generation.id, describeInputs(plan, generation), opts);
    const machines = openMachines(this, args, opts.dependsOn);
    const lock = openInterlock(this, args, machines);
    this.gate = openGate(this, args, [machines, lock]);
    this.registerOutputs({});
  }
}

/** What policies read: plain values only. */
const describeInputs = (plan: ClusterPlan, generation: GenerationPlan): pulumi.Inputs => ({
  cluster: plan.spec.cluster.name,
  pool: generation.pool,
  generation: generation.id,
  version: generation.machines.version,
  inputs: generationInputs(plan.spec.cluster.name, generation.pool, generation.machines),
  active: generation.active,
  protect: generation.protect,
  requireProtect: generation.requireProtect,
});

const OF_MACHINES: ReadonlySet<string> = new Set([
  ...MACHINE_KEYS.filter(key => key !== "respin"),
  ...["size", "start"],
]);

/** Nothing of a pool but what its machines are made of and how many there are, and that only where config says it. */
const machineSpec = (machines: MachineSpec): MachineSpec =>
  Object.fromEntries(
    Object.entries<unknown>(machines).filter(([key, value]) => OF_MACHINES.has(key) && value !== undefined),
  ) as unknown as MachineSpec;

const openMachines = (
  parent: Generation,
  { plan, generation, cloud }: GenerationArgs,
  dependsOn: pulumi.ComponentResourceOptions["dependsOn"],
): pulumi.Resource =>
  cloud.resources.nodePool(
    {
      cluster: plan.spec.cluster,
      connection: plan.connection,
      pool: generation.pool,
      generation: generation.id,
      active: generation.active,
      ...(generation.adopted === undefined ? {} : { adopted: generation.adopted }),
      spec: machineSpec(generation.machines),
    },
    { parent, dependsOn, protect: generation.protect, deleteBeforeReplace: false },
  );

/** Gone with the control plane: a destroyed cluster has nothing to drain into. */
const openInterlock = (
  parent: Generation,
  args: GenerationArgs,
  machines: pulumi.Resource,
): pulumi.Resource =>
  interlock(
    args.generation.id,
    {
      connection: args.plan.connection,
      cluster: args.plan.spec.cluster.name,
      pool: args.generation.pool,
      generation: args.generation.id,
      timeoutSeconds: args.generation.drain.timeoutSeconds,
    },
    { parent, dependsOn: [machines], deletedWith: args.controlPlane, protect: args.generation.protect },
  );

/** Said only where a pool moves in waves: elsewhere nothing of it is in anybody's state. */
const inWaves = ({ poolSurge }: GenerationPlan): { readonly poolSurge?: number } =>
  poolSurge === 100 ? {} : { poolSurge };

const openGate = (parent: Generation, args: GenerationArgs, dependsOn: pulumi.Resource[]): pulumi.Resource =>
  generationGate(
    args.generation.id,
    {
      connection: args.plan.connection,
      cluster: args.plan.spec.cluster.name,
      pool: args.generation.pool,
      generation: args.generation.id,
      version: args.generation.machines.version,
      size: args.generation.machines.size,
      ...inWaves(args.generation),
      ...taintKeysOf(args.generation.machines),
      ...(args.generation.expects === undefined ? {} : { expects: args.generation.expects }),
      active: args.generation.active,
      timeoutSeconds: args.plan.spec.health.timeoutSeconds,
      transition: args.plan.transition,
    },
    { parent, dependsOn, deletedWith: args.controlPlane },
  );
