import {
  DescribeAccessEntryCommand,
  ListAccessEntriesCommand,
  ListAssociatedAccessPoliciesCommand,
} from "@aws-sdk/client-eks";
import { isAdminPolicy, OWN_TAG } from "../facts";
import { askFor } from "./call";
import { eksClient } from "./clients";

interface Place {
  readonly region: string;
  readonly cluster: string;
  readonly signal: AbortSignal;
}

/** An access entry of a cluster, as far as it matters who made it. */
export interface Entry {
  readonly principal: string;
  /** Whether a stack of ours holds it. */
  readonly ours: boolean;
}

/** All of a cluster. One that goes while it is read is none. */
export const readEntries = async (place: Place): Promise<readonly Entry[]> => {
  const principals = await listEntries(place);
  const found = await Promise.all(principals.map(principal => readEntry(place, principal)));
  return found.flatMap(entry => entry ?? []);
};

const listEntries = async ({ region, cluster, signal }: Place): Promise<readonly string[]> => {
  const asked = { action: "eks:ListAccessEntries", on: `cluster ${cluster}` };
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const command = new ListAccessEntriesCommand({ clusterName: cluster, nextToken });
    const page = await askFor(asked, () => eksClient(region).send(command, { abortSignal: signal }));
    found.push(...(page?.accessEntries ?? []));
    nextToken = page?.nextToken;
  } while (nextToken !== undefined);
  return found;
};

const readEntry = async (
  { region, cluster, signal }: Place,
  principal: string,
): Promise<Entry | undefined> => {
  const asked = { action: "eks:DescribeAccessEntry", on: `access entry ${principal}` };
  const command = new DescribeAccessEntryCommand({ clusterName: cluster, principalArn: principal });
  const found = await askFor(asked, () => eksClient(region).send(command, { abortSignal: signal }));
  if (found?.accessEntry === undefined) return undefined;
  return { principal, ours: found.accessEntry.tags?.[OWN_TAG] === cluster };
};

/** Whether EKS lets this one administer the whole cluster. A cluster has few policies an entry: one page holds them. */
export const administers = async (
  { region, cluster, signal }: Place,
  principal: string,
): Promise<boolean> => {
  const asked = { action: "eks:ListAssociatedAccessPolicies", on: `access entry ${principal}` };
  const command = new ListAssociatedAccessPoliciesCommand({ clusterName: cluster, principalArn: principal });
  const found = await askFor(asked, () => eksClient(region).send(command, { abortSignal: signal }));
  return (found?.associatedAccessPolicies ?? []).some(
    ({ policyArn, accessScope }) => isAdminPolicy(policyArn) && accessScope?.type === "cluster",
  );
};
