import * as pulumi from "../sdk";
import { ProblemError } from "../../core/problem";
import { platformGate } from "../gates/platformGate/resource";
import { TYPE } from "../names";
import { type ClusterSteps, stepName, type When } from "./steps";

/** Where something of the user's own stands among the steps of an upgrade. */
export interface PlatformPlace {
  /**
   * The parent of each resource that belongs here. By it a resource waits for all that goes before, and all that comes
   * after waits for the resource.
   */
  readonly parent: pulumi.ComponentResource;
  /**
   * The cluster's own resource, for `deletedWith`: what has it is not deleted one by one when the cluster goes. Not on
   * kubeadm, where the cluster stays when the stack goes.
   */
  readonly controlPlane: pulumi.Resource;
  /** The version asked for, as written. */
  readonly version: string;
  /**
   * For a Kubernetes provider: a kubeconfig or the path of one. No token is in it: where the cloud gives tokens, the
   * program that asks for one is. Not known in previews until the cluster is made.
   *
   * @throws ProblemError on AKS, whose cluster resource tells no address: there an invoke gives it.
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

interface PlatformStep extends ClusterSteps {
  readonly when: When;
}

/** The user's own resources in one place; empty where there are none, so that a stack without them sees nothing of it. */
export const openPlatform = (
  parent: pulumi.Resource,
  step: PlatformStep,
  dependsOn: readonly pulumi.Resource[],
): readonly pulumi.Resource[] => {
  const declare = step.platform?.[step.when];
  if (declare === undefined) return [];
  const made = new PlatformComponent(stepName(step.plan, step.when), parent, dependsOn);
  declare(placeOf(made, step));
  made.close(step.when);
  return [made, ...openGate(parent, step, made)];
};

/** Holds what the user makes: whoever is below it waits for what the component waits for. */
class PlatformComponent extends pulumi.ComponentResource {
  private readonly below: Set<pulumi.Resource>;

  constructor(name: string, parent: pulumi.Resource, dependsOn: readonly pulumi.Resource[]) {
    const below = new Set<pulumi.Resource>();
    const wait: pulumi.ResourceTransformation = ({ resource, props, opts }) => {
      below.add(resource);
      return { props, opts: pulumi.mergeOptions(opts, { dependsOn: [...dependsOn] }) };
    };
    super(TYPE.platform, name, {}, { parent, transformations: [wait] });
    this.below = below;
  }

  /** No async part of the hook is waited for: what it makes later would be in nobody's way. */
  close(when: When): void {
    this.below.delete(this);
    if (this.below.size === 0) throw new ProblemError("the platform is refused", [nothingBelow(when)]);
    this.registerOutputs({});
  }
}

const nothingBelow = (when: When) => ({
  code: "Platform.NothingBelowParent" as const,
  path: `platform.${when}`,
  message: "no resource was made with the place's parent before the hook returned; nothing would wait for it",
  fix: `give each resource \`{ parent: place.parent }\`, in the hook itself and not after an await; or leave \`${when}\` out`,
});

const placeOf = (
  parent: PlatformComponent,
  { plan, cloud, controlPlane, when }: PlatformStep,
): PlatformPlace => ({
  parent,
  controlPlane,
  version: plan.spec.cluster.version,
  kubeconfig: () => {
    const args = { cluster: plan.spec.cluster, connection: plan.connection, addOns: [] };
    const found = cloud.resources.kubeconfig?.(controlPlane, args);
    if (found === undefined) throw new ProblemError("no kubeconfig", [untold(plan.spec.cluster.cloud, when)]);
    return found;
  },
});

const untold = (cloud: string, when: When) => ({
  code: "Platform.NoKubeconfig" as const,
  path: `platform.${when}`,
  message: `the cluster resource of cloud "${cloud}" does not tell how its API is opened`,
  fix: "make the provider of a kubeconfig that you get yourself: on AKS by containerservice.listManagedClusterUserCredentialsOutput with format exec",
});

const openGate = (
  parent: pulumi.Resource,
  { plan, platform, when }: PlatformStep,
  made: pulumi.Resource,
): readonly pulumi.Resource[] => {
  const { namespaces = [], revision } = platform ?? {};
  if (namespaces.length === 0) return [];
  const gate = platformGate(
    stepName(plan, when),
    {
      connection: plan.connection,
      cluster: plan.spec.cluster.name,
      namespaces: [...namespaces].sort(),
      ...(revision === undefined ? {} : { revision }),
      timeoutSeconds: plan.spec.health.timeoutSeconds,
      transition: plan.transition,
    },
    { parent, dependsOn: [made] },
  );
  return [gate];
};
