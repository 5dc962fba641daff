import * as pulumi from "../sdk";
import { Generation, type GenerationArgs } from "./generation";
import type { PoolPlan } from "./poolPlan";
import { TYPE } from "../names";

export interface NodePoolComponentArgs extends Omit<GenerationArgs, "generation"> {
  readonly pool: PoolPlan;
}

/** A lasting role of nodes, as the user sees it. Its generations come and go. */
export class NodePool extends pulumi.ComponentResource {
  readonly generations: readonly Generation[];

  constructor(args: NodePoolComponentArgs, opts: pulumi.ComponentResourceOptions) {
    const { plan, pool } = args;
    super(TYPE.pool, pool.spec.name, describeInputs(args), opts);
    this.generations = [pool.active, ...pool.retiring].map(
      generation =>
        new Generation(
          { plan, generation, cloud: args.cloud, controlPlane: args.controlPlane },
          {
            parent: this,
            dependsOn: opts.dependsOn,
          },
        ),
    );
    this.registerOutputs({});
  }
}

const describeInputs = ({ plan, pool }: NodePoolComponentArgs): pulumi.Inputs => ({
  cluster: plan.spec.cluster.name,
  pool: pool.spec.name,
  version: pool.spec.version,
  hold: pool.spec.hold,
  remove: pool.spec.remove,
  active: pool.active.id,
  retiring: pool.retiring.map(generation => generation.id),
});
