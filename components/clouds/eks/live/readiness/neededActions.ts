import { ROLES } from "../../../../../data/roles";
import type { WantedAtCloud } from "../../../../../operations/ports";
import { nodeGroupName } from "../../facts";
import type { Caller } from "./caller";
import type { Step } from "./question";

/** Actions that a run will ask on one resource. */
export interface Needed {
  readonly resource: string;
  readonly actions: readonly string[];
}

type Kind = "cluster" | "group" | "addOn" | "entry" | "scaling" | "roles" | "key" | "any";

/** Resource types of the actions: docs.aws.amazon.com/service-authorization, "Amazon EKS" and "EC2 Auto Scaling". */
const KINDS: readonly (readonly [RegExp, Kind])[] = [
  [/^iam:/, "roles"],
  [/^kms:/, "key"],
  [/^autoscaling:Describe/, "any"],
  [/^autoscaling:/, "scaling"],
  [/^eks:(?:(?:Describe|Delete)Nodegroup|UpdateNodegroupConfig|TagResource)$/, "group"],
  [/^eks:(?:Describe|Update|Delete)Addon$/, "addOn"],
  [
    /^eks:(?:(?:Describe|Update|Delete)AccessEntry|(?:As|Disas)sociateAccessPolicy|ListAssociatedAccessPolicies)$/,
    "entry",
  ],
  [/^eks:(?:CreateCluster|DescribeAddonVersions)$/, "any"],
  [/^eks:/, "cluster"],
];

const kindOf = (action: string): Kind => KINDS.find(([pattern]) => pattern.test(action))?.[1] ?? "cluster";

/** Whether a run needs these can't be told beforehand: an edit of other settings, the first cluster of an account. */
const NOT_FORESEEN = [
  "CreateServiceLinkedRole",
  "DeleteAccessEntry",
  "DeleteCluster",
  "DisassociateAccessPolicy",
  "ListTagsForResource",
  "UntagResource",
  "UpdateAccessEntry",
  "UpdateClusterConfig",
];
const POOLS_ONLY = ["CreateNodegroup", "DeleteNodegroup", "PassRole", "TagResource"];

const isForeseen = (name: string, { addOns, admins }: Run): boolean =>
  !NOT_FORESEEN.includes(name) &&
  (addOns || !name.includes("Addon")) &&
  (admins || !/Access(?:Entry|Polic)/.test(name));

const isUsed = (action: string, run: Run): boolean => {
  const name = action.split(":")[1] ?? "";
  if (!isForeseen(name, run)) return false;
  if (name === "CreateCluster") return !run.live;
  if (name === "UpdateClusterVersion") return run.step;
  return run.moves || !POOLS_ONLY.includes(name) || !run.live;
};

interface Run {
  readonly live: boolean;
  readonly step: boolean;
  readonly moves: boolean;
  readonly addOns: boolean;
  readonly admins: boolean;
}

/** A node group's and a scaling group's last part is made by AWS. */
const ANY_ID = "00000000-0000-0000-0000-000000000000";

/** EKS takes a key with the caller's rights, once: docs.aws.amazon.com/eks/latest/userguide/enable-kms.html. */
const keysOf = ({ eks }: WantedAtCloud["cluster"]): readonly string[] =>
  eks?.encryptionKey === undefined ? [] : [eks.encryptionKey];

const actionsOf = (run: Run): readonly string[] => {
  const statements = ROLES.eks.Statement.filter(({ Sid }) => Sid !== "Preflight");
  return [...new Set(statements.flatMap(({ Action }) => Action))].filter(one => isUsed(one, run)).sort();
};

const adminsOf = ({ eks }: WantedAtCloud["cluster"]): readonly string[] => eks?.admins ?? [];

/** "access-entry/cluster/role/111122223333/name/…": the path is no part of it. */
const entryPart = (cluster: string, principal: string): string => {
  const [account = "", resource = ""] = principal.split(":").slice(4);
  const [kind = "", ...path] = resource.split("/");
  return `access-entry/${cluster}/${kind}/${account}/${path.at(-1) ?? ""}/${ANY_ID}`;
};

/** What this run will ask of AWS and on what, out of the role that `changeover permissions eks` prints. */
export const neededActions = (
  { connection, cluster, live, toCome, addOns }: WantedAtCloud,
  step: Step | undefined,
  { partition, account }: Pick<Caller, "partition" | "account">,
): readonly Needed[] => {
  const ours = Object.keys(addOns).filter(name => addOns[name]?.owner === "program");
  const admins = adminsOf(cluster);
  const actions = actionsOf({
    ...{ live: live !== undefined, step: step !== undefined, moves: toCome.length > 0 },
    addOns: ours.length > 0,
    admins: admins.length > 0,
  });
  const own = (service: string, rest: string): string =>
    `arn:${partition}:${service}:${connection.region ?? ""}:${account}:${rest}`;
  const group = nodeGroupName(toCome[0]?.generation ?? "workers");
  const resources: Readonly<Record<Kind, readonly string[]>> = {
    cluster: [own("eks", `cluster/${connection.name}`)],
    group: [own("eks", `nodegroup/${connection.name}/${group}/${ANY_ID}`)],
    addOn: ours.map(name => own("eks", `addon/${connection.name}/${name}/${ANY_ID}`)),
    entry: admins.map(principal => own("eks", entryPart(connection.name, principal))),
    scaling: [own("autoscaling", `autoScalingGroup:${ANY_ID}:autoScalingGroupName/eks-${group}-${ANY_ID}`)],
    roles: [...new Set([cluster.eks?.roleArn ?? "*", cluster.eks?.nodeRoleArn ?? "*"])],
    key: live === undefined ? keysOf(cluster) : [],
    any: ["*"],
  };
  return Object.entries(resources).flatMap(([kind, arns]) => {
    const asked = actions.filter(action => kindOf(action) === kind);
    return asked.length === 0 ? [] : arns.map(resource => ({ resource, actions: asked }));
  });
};
