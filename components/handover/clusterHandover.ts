import * as pulumi from "../sdk";
import type { HandoverSpec } from "../../core/config";
import { handoverGate } from "../gates/handoverGate/resource";
import { handoverProof } from "../gates/handoverProof/resource";
import { TYPE } from "../names";

/** Percent of the traffic per cluster; together 100. */
export interface Weights {
  readonly blue: number;
  readonly green: number;
}

export interface RouteOptions {
  readonly parent: pulumi.Resource;
  readonly dependsOn: pulumi.Resource[];
}

export interface ClusterHandoverArgs {
  /**
   * Declares what splits the traffic (DNS records, a load balancer's target groups) with these weights, and returns it.
   * `options` belong on each: they put it behind the gate that saw the cluster ready, and before the soak.
   */
  readonly route: (weights: Weights, options: RouteOptions) => readonly pulumi.Resource[];
}

/**
 * Traffic that moves from one cluster to another in steps, for what can't be changed in place. `spec.weight` is the
 * desired share of green; each `up` takes one step, forward behind a gate and a soak, back at once.
 */
export class ClusterHandover extends pulumi.ComponentResource {
  /** Percent per cluster, as the routes have it after this `up`. */
  readonly weights: Weights;

  /** @param spec a parsed handover: see `parseHandover`. */
  constructor(spec: HandoverSpec, { route }: ClusterHandoverArgs, opts?: pulumi.ComponentResourceOptions) {
    super(TYPE.handover, spec.name, spec, opts);
    const { name: handover, blue, green: connection, namespaces, weight, soakSeconds } = spec;
    const common = { connection, blue, handover, namespaces: [...namespaces], weight };
    const ready = handoverGate(
      handover,
      { ...common, steps: [...spec.steps], timeoutSeconds: spec.timeoutSeconds },
      { parent: this },
    );
    this.weights = { blue: 100 - weight, green: weight };
    const routes = route(this.weights, { parent: this, dependsOn: [ready] });
    handoverProof(handover, { ...common, soakSeconds }, { parent: this, dependsOn: [ready, ...routes] });
    this.registerOutputs({ weights: this.weights });
  }
}
