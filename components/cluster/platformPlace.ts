import type * as pulumi from "../sdk";

/** Where something of the user's own stands among the steps of an upgrade. */
export interface PlatformPlace {
  /**
   * The parent of each resource that belongs here. By it a resource waits for all that goes before, and all that comes
   * after waits for the resource.
   */
  readonly parent: pulumi.ComponentResource;
  /**
   * The cluster's own resource, as the cloud's SDK has it (`aws.eks.Cluster`, …): for its outputs, and for `deletedWith`,
   * by which something is not deleted by itself when the cluster goes. Not on kubeadm, where the cluster stays.
   */
  readonly controlPlane: pulumi.Resource;
  /** The version asked for, as written. */
  readonly version: string;
  /**
   * For a Kubernetes provider: the path of a kubeconfig. Not known in previews that make or move the control plane.
   *
   * @throws ProblemError on any cloud but the lab: there the provider is made of what `controlPlane` tells.
   */
  readonly kubeconfig: () => pulumi.Output<string>;
}

/**
 * What of the user's own runs in the cluster: ingress controller, certificates, a network plugin by Helm. Both hooks are
 * called once, in every run, and make resources; what they make is upgraded with the cluster, in its place.
 */
export interface Platform {
  /**
   * After the control plane and its add-ons are well, before any pool. In a new cluster there is no node yet: what is
   * made here must not wait for pods of its own. `namespaces` waits for them.
   */
  readonly beforeNodes?: (place: PlatformPlace) => void;
  /** After every pool's nodes are proven and opened, before any workload moves to them. */
  readonly onNodes?: (place: PlatformPlace) => void;
  /**
   * Namespaces whose Deployments, StatefulSets and DaemonSets must be rolled out before what comes next. In a cluster
   * that has no nodes yet nothing is waited for before them.
   */
  readonly namespaces?: readonly string[];
  /** Any text, such as a chart's version: when it changes the namespaces are looked at again. */
  readonly revision?: string;
}
