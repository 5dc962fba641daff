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
   * What `new kubernetes.Provider(name, { kubeconfig })` takes. On eks, gke and aks contents that run `aws`,
   * `gke-gcloud-auth-plugin` or `kubelogin` for each token, with the credentials of whoever runs Pulumi; on kubeadm and
   * on the lab the path of a file. No token and no key is in it. Unknown in the preview that makes the cluster, and known
   * in those that move its version; on the lab alone unknown in these, too.
   *
   * @throws ProblemError on kubeadm with `cluster.context`, which a path can't say.
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
