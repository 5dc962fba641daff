import { ownAddOns } from "../../core/config";
import { addOnGate } from "../gates/addOnGate/resource";
import type * as pulumi from "../sdk";
import { type ClusterSteps, stepName, type When } from "./steps";

interface AddOnStep extends ClusterSteps {
  readonly when: When;
}

/** What follows depends on this: the gate that sees them well; nothing where config has none at this point. */
export const openAddOns = (
  parent: pulumi.Resource,
  step: AddOnStep,
  dependsOn: readonly pulumi.Resource[],
): readonly pulumi.Resource[] => {
  const names = namesOf(step);
  if (names.length === 0) return [];
  const made = names.map(name => openAddOn(parent, { ...step, name }, dependsOn));
  return [openGate(parent, { ...step, names }, made)];
};

const namesOf = ({ plan, cloud, when }: AddOnStep): readonly string[] => {
  const early = cloud.facts.addOnsBeforeNodes ?? [];
  return ownAddOns(plan.spec.addOns).filter(name => early.includes(name) === (when === "beforeNodes"));
};

/** Gone with the control plane: nothing of them outlives the cluster. */
const openAddOn = (
  parent: pulumi.Resource,
  { plan, cloud, controlPlane, name }: AddOnStep & { readonly name: string },
  dependsOn: readonly pulumi.Resource[],
): pulumi.Resource => {
  const { cluster, addOns } = plan.spec;
  const spec = addOns[name];
  if (spec === undefined || cloud.resources.addOn === undefined)
    throw new Error(`add-on ${name} on cloud ${cluster.cloud} passed config`);
  return cloud.resources.addOn(
    { cluster, name, spec },
    { parent, dependsOn: [...dependsOn], deletedWith: controlPlane, deleteBeforeReplace: false },
  );
};

const openGate = (
  parent: pulumi.Resource,
  { plan, when, names }: AddOnStep & { readonly names: readonly string[] },
  dependsOn: pulumi.Resource[],
): pulumi.Resource =>
  addOnGate(
    stepName(plan, when),
    {
      connection: plan.connection,
      cluster: plan.spec.cluster.name,
      addOns: Object.fromEntries(Object.entries(plan.spec.addOns).filter(([name]) => names.includes(name))),
      timeoutSeconds: plan.spec.health.timeoutSeconds,
      transition: plan.transition,
    },
    { parent, dependsOn },
  );
