import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ownEntry } from "../../../../controlplane/process/ownEntry";
import type { ConnectionRecipe } from "../../../../core/config/connection";
import { type Problem, ProblemError } from "../../../../core/problem";
import { type KubeClient, KubeError, openKube } from "../../../../kube";
import type { KubeAccess } from "../../../../operations/ports";
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
  return { kubeconfig: keepKubeconfig(describeKubeconfig(connection, cluster)) };
};

/** `undefined` = there is no cluster any more. */
export const withCluster = async <T>(
  connection: ConnectionRecipe,
  work: (kube: KubeClient) => Promise<T>,
): Promise<T | undefined> => {
  const access = await openAccess(connection);
  if (access === "absent") return undefined;
  const kube = await openKube(access);
  try {
    return await work(kube);
  } finally {
    await kube.close();
  }
};

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

/** JSON is YAML. No token inside: whoever opens it asks for a fresh one, as with gke-gcloud-auth-plugin. */
const describeKubeconfig = ({ name }: ConnectionRecipe, cluster: Cluster): string => {
  const { endpoint, masterAuth, status } = cluster;
  const authority = masterAuth?.clusterCaCertificate;
  if (endpoint === undefined || endpoint === "" || authority === undefined) throw notOpen(name, status);
  const { command, args } = ownEntry(join(__dirname, "token"));
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command,
    args: [...args],
    env: null,
    interactiveMode: "Never",
    provideClusterInfo: false,
  };
  const server = `https://${endpoint}`;
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server, "certificate-authority-data": authority } }],
    users: [{ name, user: { exec } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    "current-context": name,
  });
};

let folder: string | undefined;

/** One folder a process, which only its user may read and which goes with it: what it holds can be asked for again. */
const ownFolder = (): string => {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), "changeover-gke-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
};

/** Named by its content: a cluster that moved or was made anew is another file, and another client. */
const keepKubeconfig = (text: string): string => {
  const file = join(ownFolder(), `${createHash("sha256").update(text).digest("hex").slice(0, 16)}.json`);
  if (existsSync(file)) return file;
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return file;
};
