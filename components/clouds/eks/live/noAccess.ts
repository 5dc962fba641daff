import { DescribeClusterCommand } from "@aws-sdk/client-eks";
import type { ConnectionRecipe } from "../../../../core/config/connection";
import type { Problem } from "../../../../core/problem";
import { adminPolicyFor } from "../facts";
import { regionOf } from "./access";
import { askFor } from "./call";
import { eksClient } from "./clients";
import { type Caller, readCaller, readPrincipal } from "./readiness/caller";
import { isConfigMapOnly } from "./readiness/admins";

const SOURCE = "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html";

/** Why a cluster answers 401 to credentials that AWS itself takes: nobody gave this identity access to its API. */
export const explainNoAccess = async (
  connection: ConnectionRecipe,
  signal: AbortSignal,
): Promise<Problem> => {
  const { name } = connection;
  const region = regionOf(connection);
  const caller = await readCaller({ region, signal });
  const [principal, found] = await Promise.all([
    nameOf({ region, signal }, caller),
    askFor({ action: "eks:DescribeCluster", on: `cluster ${name}` }, () =>
      eksClient(region).send(new DescribeClusterCommand({ name }), { abortSignal: signal }),
    ),
  ]);
  const configMap = found?.cluster !== undefined && isConfigMapOnly(found.cluster);
  return {
    code: "Eks.NoAccess",
    path: "cluster",
    message: `the API server of "${name}" does not let ${principal} in: EKS gives access to who made the cluster, and to others only by ${configMap ? "the ConfigMap aws-auth (mode CONFIG_MAP)" : "an access entry"}`,
    fix: configMap ? mapIt(principal) : addIt({ name, region, principal }),
    source: SOURCE,
  };
};

/** A session's role, by its session where IAM does not tell the role's path. */
const nameOf = async (
  place: { readonly region: string; readonly signal: AbortSignal },
  caller: Caller,
): Promise<string> => {
  try {
    return (await readPrincipal(place, caller)) ?? caller.arn;
  } catch {
    return caller.arn;
  }
};

const mapIt = (principal: string): string =>
  `let who has access map ${principal} to system:masters in aws-auth; then run it again. Nothing was changed`;

interface Missing {
  readonly name: string;
  readonly region: string;
  readonly principal: string;
}

const addIt = ({ name, region, principal }: Missing): string => {
  const on = `--region ${region} --cluster-name ${name} --principal-arn ${principal}`;
  return `let who has access add ${principal} to cluster.eks.admins and run \`pulumi up\`. Where nobody has any more: \`aws eks create-access-entry ${on}\`, then \`aws eks associate-access-policy ${on} --policy-arn ${adminPolicyFor(principal)} --access-scope type=cluster\`, and leave it out of the list. Nothing was changed`;
};
