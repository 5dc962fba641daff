import type { ClusterSpec } from "../core/config";
import { ProblemError } from "../core/problem";
import { type KubeClient, openKube } from "../kube";
import { labKubeconfig } from "../lab";

/** The API of the cluster that a stack describes, for commands outside Pulumi. */
export const reachCluster = async (cluster: ClusterSpec): Promise<KubeClient> => {
  const kubeconfig = cluster.cloud === "lab" ? labKubeconfig(cluster.name) : cluster.kubeconfig;
  if (kubeconfig === undefined) throw new ProblemError("no cluster", [notThere(cluster)]);
  return openKube(cluster.context === undefined ? { kubeconfig } : { kubeconfig, context: cluster.context });
};

const notThere = ({ name, cloud }: ClusterSpec) => ({
  code: "Cli.NoCluster" as const,
  path: "cluster",
  message: `there is no cluster "${name}" on cloud "${cloud}" that can be reached from here`,
  fix:
    cloud === "lab"
      ? "run `pulumi up` first; `changeover lab list` shows the labs"
      : "set cluster.kubeconfig",
});
