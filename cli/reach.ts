import type { ClusterSpec } from "../core/config";
import { connectionOf } from "../core/config/connection";
import { ProblemError } from "../core/problem";
import { type KubeClient, openKube } from "../kube";
import type { KubeAccess } from "../operations/ports";
import { liveOf } from "./clouds";

/** The API of the cluster that a stack describes, for commands outside Pulumi: as gates open it, with fresh credentials. */
export const reachCluster = async (cluster: ClusterSpec): Promise<KubeClient> => {
  const access = namedFile(cluster) ?? (await liveOf(cluster.cloud).access(connectionOf(cluster)));
  if (access === "absent") throw new ProblemError("no cluster", [notThere(cluster)]);
  return openKube(access);
};

/** A kubeconfig that config names is what its user wants to be used. */
const namedFile = ({ kubeconfig, context }: ClusterSpec): KubeAccess | undefined =>
  kubeconfig === undefined ? undefined : { kubeconfig, ...(context === undefined ? {} : { context }) };

const notThere = ({ name, cloud }: ClusterSpec) => ({
  code: "Cli.NoCluster" as const,
  path: "cluster",
  message: `there is no cluster "${name}" on cloud "${cloud}"`,
  fix:
    cloud === "lab"
      ? "run `pulumi up` first; `changeover lab list` shows the labs"
      : "run `pulumi up` first, or correct cluster.name and where it lies",
});
