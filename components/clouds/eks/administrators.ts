import { AccessEntry } from "@pulumi/aws/eks/accessEntry";
import { AccessPolicyAssociation } from "@pulumi/aws/eks/accessPolicyAssociation";
import type { ClusterSpec } from "../../../core/config";
import type * as pulumi from "../../sdk";
import { adminPolicyFor, OWN_TAG } from "./facts";

/** "111122223333/role/team/name": the account is part of it, because roles of two accounts may share a name. */
const shortOf = (principalArn: string): string => principalArn.split(":").slice(4).join("/");

/** An access entry with EKS's policy for administrators, for each that config names. */
export const administrators = (
  cluster: ClusterSpec,
  opts: pulumi.CustomResourceOptions,
): readonly pulumi.Resource[] =>
  (cluster.eks?.admins ?? []).map(principalArn => administrator(cluster, principalArn, opts));

/** What waits for the policy waits for the entry, too: EKS takes a policy only for an entry that is there. */
const administrator = (
  { name: clusterName, region }: ClusterSpec,
  principalArn: string,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource => {
  const name = `${clusterName}/${shortOf(principalArn)}`;
  const where = { clusterName, principalArn, region };
  const entry = new AccessEntry(name, { ...where, tags: { [OWN_TAG]: clusterName } }, opts);
  return new AccessPolicyAssociation(
    name,
    { ...where, policyArn: adminPolicyFor(principalArn), accessScope: { type: "cluster" } },
    { ...opts, dependsOn: [entry] },
  );
};
