import type { AddonArgs } from "@pulumi/aws/eks/addon";
import type { AddOnArgs } from "../contract";
import { OWN_TAG } from "./facts";

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
