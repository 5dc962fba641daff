import { join } from "node:path";
import { ownEntry } from "../../../../controlplane/process/ownEntry";
import type { ConnectionRecipe } from "../../../../core/config/connection";
import { type Problem, ProblemError } from "../../../../core/problem";
import { KubeError } from "../../../../kube";
import type { KubeAccess } from "../../../../operations/ports";
import { keepKubeconfig } from "../../kubeconfig";
import type { ExecAccess } from "../../kubeconfigText";
import { withClusterBy } from "../../shared/live/withCluster";
import { askFor } from "./call";
import { BASE, send } from "./client";

/** What is read of a cluster: REST resource projects.locations.clusters. */
interface Cluster {
  readonly status?: string;
  readonly endpoint?: string;
  readonly masterAuth?: { readonly clusterCaCertificate?: string };
  readonly autopilot?: { readonly enabled?: boolean };
  readonly autoscaling?: { readonly enableNodeAutoprovisioning?: boolean };
}

/** Whole address of the place that holds clusters and operations. */
export const locationUrl = ({ name, project, region }: ConnectionRecipe): string => {
  if (project === undefined || region === undefined)
    throw new Error(`the connection to ${name} names no project or region`);
  return `${BASE.container()}projects/${project}/locations/${region}`;
};

export const clusterUrl = (connection: ConnectionRecipe): string =>
  `${locationUrl(connection)}/clusters/${connection.name}`;

/** How to open the cluster's API now. "absent" only when GKE says that it knows no such cluster. */
export const openAccess = async (connection: ConnectionRecipe): Promise<KubeAccess | "absent"> => {
  const asked = { permission: "container.clusters.get", on: `cluster ${connection.name}` };
  const cluster = await askFor(asked, () => send<Cluster>({ method: "GET", url: clusterUrl(connection) }));
  if (cluster === undefined) return "absent";
  checkStandard(connection, cluster);
  return { kubeconfig: keepKubeconfig(accessTo(connection, cluster)) };
};

export const withCluster = withClusterBy(openAccess);

const checkStandard = ({ name }: ConnectionRecipe, { autopilot, autoscaling }: Cluster): void => {
  const found = [
    ...(autopilot?.enabled === true ? [selfMade("Gke.Autopilot", name, "runs Autopilot")] : []),
    ...(autoscaling?.enableNodeAutoprovisioning === true
      ? [selfMade("Gke.AutoProvisioning", name, "makes node pools by itself (node auto-provisioning)")]
      : []),
  ];
  if (found.length > 0) throw new ProblemError("not a cluster of pools", found);
};

const selfMade = (code: Problem["code"], name: string, what: string): Problem => ({
  code,
  path: "cluster.name",
  message: `cluster "${name}" ${what}: its nodes are no generation, and GKE would drain them past every gate`,
  fix: "use a Standard cluster without node auto-provisioning",
});

const notOpen = (name: string, status = "in an unknown state"): KubeError =>
  new KubeError({
    kind: "unreachable",
    message: `GKE cluster ${name} is ${status}: its API has no address yet`,
  });

/** As `gcloud container clusters get-credentials` describes it, but for the program. */
const accessTo = ({ name }: ConnectionRecipe, cluster: Cluster): ExecAccess => {
  const { endpoint, masterAuth, status } = cluster;
  const authority = masterAuth?.clusterCaCertificate;
  if (endpoint === undefined || endpoint === "" || authority === undefined) throw notOpen(name, status);
  return { name, server: `https://${endpoint}`, authority, program: ownEntry(join(__dirname, "token")) };
};
