import {
  type AccessEntry,
  AssociateAccessPolicyCommand,
  type AssociateAccessPolicyCommandInput,
  CreateAccessEntryCommand,
  DeleteAccessEntryCommand,
  DescribeAccessEntryCommand,
  DisassociateAccessPolicyCommand,
  type EKSClient,
  ListAssociatedAccessPoliciesCommand,
} from "@aws-sdk/client-eks";
import type { Props, ResourceKind } from "../../plugin/kind";
import { absentIfNotFound } from "./until";

interface EntryProps {
  readonly clusterName: string;
  readonly principalArn: string;
  readonly type?: string;
  readonly tags?: Record<string, string>;
}

interface PolicyProps extends Pick<EntryProps, "clusterName" | "principalArn"> {
  readonly policyArn: string;
  readonly accessScope: AssociateAccessPolicyCommandInput["accessScope"];
}

/** "cluster:principal", where the principal has colons, too. */
const entryOf = (id: string): { clusterName: string; principalArn: string } => {
  const end = id.indexOf(":");
  return { clusterName: id.slice(0, end), principalArn: id.slice(end + 1) };
};

const seenOf = (entry: AccessEntry): Props => ({
  region: entry.accessEntryArn?.split(":")[3],
  clusterName: entry.clusterName,
  principalArn: entry.principalArn,
  type: entry.type,
  tags: entry.tags,
  accessEntryArn: entry.accessEntryArn,
  userName: entry.username,
});

const find = (eks: EKSClient, id: string): Promise<AccessEntry | undefined> =>
  absentIfNotFound(async () => (await eks.send(new DescribeAccessEntryCommand(entryOf(id)))).accessEntry);

/** ForceNew and ids: terraform-provider-aws, internal/service/eks/access_entry.go. */
export const accessEntryKind = (eks: EKSClient): ResourceKind => ({
  replacing: ["clusterName", "principalArn", "type", "region"],
  settable: ["region", "clusterName", "principalArn", "type", "tags"],
  create: async inputs => {
    const { clusterName, principalArn, type, tags } = inputs as unknown as EntryProps;
    const { accessEntry = {} } = await eks.send(
      new CreateAccessEntryCommand({ clusterName, principalArn, type, tags }),
    );
    return { id: `${clusterName}:${principalArn}`, outs: { ...inputs, ...seenOf(accessEntry) } };
  },
  read: async id => {
    const entry = await find(eks, id);
    return entry === undefined ? undefined : seenOf(entry);
  },
  update: () => Promise.reject(new Error("the stand-in for AWS does not cover changes of an access entry")),
  remove: async id => {
    await absentIfNotFound(() => eks.send(new DeleteAccessEntryCommand(entryOf(id))));
  },
});

const policyOf = (id: string): { clusterName: string; principalArn: string; policyArn: string } => {
  const [clusterName = "", principalArn = "", policyArn = ""] = id.split("#");
  return { clusterName, principalArn, policyArn };
};

/** All of it is ForceNew: terraform-provider-aws, internal/service/eks/access_policy_association.go. */
export const accessPolicyKind = (eks: EKSClient): ResourceKind => ({
  replacing: ["clusterName", "principalArn", "policyArn", "accessScope", "region"],
  settable: ["region", "clusterName", "principalArn", "policyArn", "accessScope"],
  create: async inputs => {
    const { clusterName, principalArn, policyArn, accessScope } = inputs as unknown as PolicyProps;
    await eks.send(new AssociateAccessPolicyCommand({ clusterName, principalArn, policyArn, accessScope }));
    return { id: [clusterName, principalArn, policyArn].join("#"), outs: inputs };
  },
  read: async id => {
    const { policyArn, ...entry } = policyOf(id);
    const found = await absentIfNotFound(() => eks.send(new ListAssociatedAccessPoliciesCommand(entry)));
    const policy = found?.associatedAccessPolicies?.find(one => one.policyArn === policyArn);
    return policy === undefined ? undefined : { ...entry, policyArn, accessScope: policy.accessScope };
  },
  update: () => Promise.reject(new Error("an association of a policy is replaced, never changed")),
  remove: async id => {
    await absentIfNotFound(() => eks.send(new DisassociateAccessPolicyCommand(policyOf(id))));
  },
});
