import type * as pulumi from "../sdk";
import type { AddOnSpec, ClusterSpec, MachineKey, PoolSpec } from "../../core/config";
import type { ConnectionRecipe } from "../../core/config/connection";
import type { ControlPlaneBack } from "../../core/upgrade/wayBack";

/*
 * A cloud is one contract in two halves. This file is what the graph needs; the half that gates call at run time is
 * `CloudLive` in operations/ports.ts, where the use cases that call it declare it.
 */

/** What is true of a cloud whatever the cluster; pure, so that policy may use it. */
export interface CloudFacts {
  /** Minors a kubelet may be older than the apiserver. */
  readonly kubeletMayTrail: number;
  readonly controlPlaneBack: ControlPlaneBack;
  /** The cloud refuses a second operation on a cluster and its provider does not wait: pools are made one by one. */
  readonly oneOperation?: boolean;
  /** Pools whose machines are made by what runs on the machines of others: made after those, gone before them. */
  readonly needsOtherPools?: (pool: Pick<PoolSpec, "karpenter">) => boolean;
  /** Add-ons that nodes need to become Ready, and that need no node to become well: made before any node. */
  readonly addOnsBeforeNodes?: readonly string[];
}

/** One cloud as the program uses it: what is true of it, and the opener of what a cluster is made of. */
export interface CloudEntry {
  readonly facts: CloudFacts;
  /** Called once a cluster: an adapter that talks to its cloud through a provider of its own makes that here. */
  readonly open: (cluster: ClusterSpec, parent: pulumi.Resource) => CloudResources;
}

/** A cloud, opened for one cluster. */
export interface Cloud {
  readonly facts: CloudFacts;
  readonly resources: CloudResources;
}

/** What the graph makes on one cloud. Every argument is plain: previews must show the real plan. */
export interface CloudResources {
  /** The cluster's control plane at a version; a change of version is an update in place, never a replacement. */
  controlPlane(args: ControlPlaneArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource;
  /**
   * Who administers the cluster beside its maker, by the cloud's own means: there before anything needs the cluster's
   * API, and gone only after all that did. Empty where config names nobody.
   */
  administrators?(cluster: ClusterSpec, opts: pulumi.CustomResourceOptions): readonly pulumi.Resource[];
  /** One generation's machines, named by the generation. No change of its arguments may ever replace it. */
  nodePool(args: NodePoolArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource;
  /** A cluster add-on at an exact version, updated in place. One that somebody else installed is never seized; one with `adopt` is imported as it is. */
  addOn?(args: AddOnArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource;
  /**
   * For a Kubernetes provider of the user's own: the contents of a kubeconfig, or the path of one where the user or the
   * lab has a file. It goes into the state, so it holds no token and no path of a program. Where the cloud makes the
   * cluster it is unknown while that is being made and never after: Pulumi's Kubernetes provider plans to replace
   * all that it holds when its kubeconfig is unknown (pulumi-kubernetes, provider.go, DiffConfig).
   */
  kubeconfig(cluster: ClusterSpec, controlPlane: pulumi.Resource): pulumi.Output<string>;
}

export interface ControlPlaneArgs {
  readonly cluster: ClusterSpec;
  readonly connection: ConnectionRecipe;
  /** Names of the add-ons that this stack holds. */
  readonly addOns: readonly string[];
}

export interface AddOnArgs {
  readonly cluster: ClusterSpec;
  /** As the cloud calls it. */
  readonly name: string;
  readonly spec: AddOnSpec;
}

export interface NodePoolArgs {
  readonly cluster: ClusterSpec;
  readonly connection: ConnectionRecipe;
  readonly pool: string;
  /** The generation's id; what the cloud calls it is the adapter's own business. */
  readonly generation: string;
  /** Whether the pool runs on it; one that is being left is closed and opened at the cloud by gates alone. */
  readonly active: boolean;
  /** What the cloud calls machines that were there before us: imported under that name, never made. */
  readonly adopted?: string;
  readonly spec: MachineSpec;
}

/** What a generation's machines are made of, and how many there may be. */
export type MachineSpec = Pick<PoolSpec, Exclude<MachineKey, "respin"> | "size"> & {
  /** How many are born where the pool moves in waves; absent = its least size. */
  readonly start?: number;
};
