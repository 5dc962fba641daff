import * as pulumi from "../sdk";
import { ProblemError } from "../../core/problem";
import { platformGate } from "../gates/platformGate/resource";
import { TYPE } from "../names";
import type { PlatformPlace } from "./platformPlace";
import { type ClusterSteps, stepName, type When } from "./steps";

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

const placeOf = (parent: PlatformComponent, { plan, cloud, controlPlane }: PlatformStep): PlatformPlace => ({
  parent,
  controlPlane,
  version: plan.spec.cluster.version,
  kubeconfig: () => cloud.resources.kubeconfig(plan.spec.cluster, controlPlane),
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
