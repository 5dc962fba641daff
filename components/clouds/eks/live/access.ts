import { join } from "node:path";
import { type Cluster, DescribeClusterCommand } from "@aws-sdk/client-eks";
import { ownEntry } from "../../../../controlplane/process/ownEntry";
import type { ConnectionRecipe } from "../../../../core/config/connection";
import { ProblemError } from "../../../../core/problem";
import { KubeError } from "../../../../kube";
import type { KubeAccess } from "../../../../operations/ports";
import { keepKubeconfig } from "../../kubeconfig";
import type { ExecAccess } from "../../kubeconfigText";
import { withClusterBy } from "../../shared/live/withCluster";
import { askFor } from "./call";
import { eksClient } from "./clients";

export const regionOf = ({ region, name }: ConnectionRecipe): string => {
  if (region === undefined) throw new Error(`the connection to ${name} names no region`);
  return region;
};

/** How to open the cluster's API now. "absent" only when EKS says that it knows no such cluster. */
export const openAccess = async (connection: ConnectionRecipe): Promise<KubeAccess | "absent"> => {
  const { name } = connection;
  const found = await askFor({ action: "eks:DescribeCluster", on: `cluster ${name}` }, () =>
    eksClient(regionOf(connection)).send(new DescribeClusterCommand({ name })),
  );
  if (found === undefined) return "absent";
  const cluster = found.cluster ?? {};
  checkAccount(connection, cluster);
  return { kubeconfig: keepKubeconfig(accessTo(connection, cluster)) };
};

const checkAccount = ({ account, name }: ConnectionRecipe, { arn = "" }: Cluster): void => {
  const found = arn.split(":")[4];
  if (account === undefined || found === account) return;
  throw new ProblemError("another account", [
    {
      code: "Eks.OtherAccount",
      path: "cluster.account",
      message: `the credentials lead to cluster "${name}" of account ${found ?? "unknown"}; config names ${account}`,
      fix: "use credentials of that account, or correct cluster.account",
    },
  ]);
};

export const withCluster = withClusterBy(openAccess);

const notOpen = (name: string, status = "in an unknown state"): KubeError =>
  new KubeError({
    kind: "unreachable",
    message: `EKS cluster ${name} is ${status}: its API has no address yet`,
  });

/** As `aws eks update-kubeconfig` describes it, but for the program. */
const accessTo = (connection: ConnectionRecipe, cluster: Cluster): ExecAccess => {
  const { name } = connection;
  const { endpoint: server, certificateAuthority, status } = cluster;
  const authority = certificateAuthority?.data;
  if (server === undefined || authority === undefined) throw notOpen(name, status);
  const { command, args } = ownEntry(join(__dirname, "token"));
  const asked = ["--region", regionOf(connection), "--cluster", name];
  return { name, server, authority, program: { command, args: [...args, ...asked] } };
};
