import type { AddonArgs } from "@pulumi/aws/eks/addon";
import type * as pulumi from "../../sdk";
import type { AddOnArgs } from "../contract";
import { OWN_TAG } from "./facts";
import { inheritedAddOn, unsaidAtRest } from "./inherited";

/**
 * One add-on as EKS keeps it. NONE at creation: where Helm, GitOps or a person has it already, EKS ends with
 * CREATE_FAILED instead of taking their fields (API_CreateAddon.html). PRESERVE at updates: values that somebody set
 * since stay (API_UpdateAddon.html). `preserve`: taken out of config, only EKS forgets it; what runs goes on running.
 */
export const addOnArgs = ({ cluster, name, spec }: AddOnArgs): AddonArgs => ({
  region: cluster.region,
  clusterName: cluster.name,
  addonName: name,
  addonVersion: spec.version,
  resolveConflictsOnCreate: "NONE",
  resolveConflictsOnUpdate: "PRESERVE",
  preserve: true,
  ...(spec.roleArn === undefined ? {} : { serviceAccountRoleArn: spec.roleArn }),
  ...(spec.settings === undefined ? {} : { configurationValues: JSON.stringify(spec.settings) }),
  tags: { [OWN_TAG]: cluster.name },
});

type Adoption = Pick<pulumi.CustomResourceOptions, "import" | "ignoreChanges" | "retainOnDelete">;

/**
 * What imports one that EKS had before us: terraform-provider-aws, aws_eks_addon, "Import". Taken out of config it is
 * EKS's again, as it was: nothing is asked of EKS, which would end the software where nobody has said `preserve` yet.
 */
export const addOnAdoption = ({ cluster, name, spec }: AddOnArgs): Adoption => {
  if (spec.adopt === undefined) return { ignoreChanges: ["region", "clusterName"] };
  const atRest = spec.version === spec.adopt.version;
  return {
    import: `${cluster.name}:${name}`,
    ignoreChanges: [...inheritedAddOn, ...(atRest ? unsaidAtRest : [])],
    retainOnDelete: true,
  };
};
