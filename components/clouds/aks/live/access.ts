import { join } from "node:path";
import { ownEntry } from "../../../../controlplane/process/ownEntry";
import type { ConnectionRecipe } from "../../../../core/config/connection";
import { type Problem, ProblemError } from "../../../../core/problem";
import { KubeError } from "../../../../kube";
import type { KubeAccess } from "../../../../operations/ports";
import { keepKubeconfig } from "../../kubeconfig";
import { withClusterBy } from "../../shared/live/withCluster";
import { clusterPath } from "../facts";
import { type Api, apiIn } from "../kubeconfig";
import { ask, askFor } from "./call";
import { send } from "./client";

/** What is read of a managed cluster (learn.microsoft.com/rest/api/aks/managed-clusters). */
interface Cluster {
  readonly sku?: { readonly name?: string };
  readonly properties?: {
    readonly provisioningState?: string;
    readonly fqdn?: string;
    readonly privateFQDN?: string;
    readonly aadProfile?: { readonly managed?: boolean };
    readonly nodeProvisioningProfile?: { readonly mode?: string };
  };
}

/** How to open the cluster's API now. "absent" only when Azure says that it knows no such cluster. */
export const openAccess = async (connection: ConnectionRecipe): Promise<KubeAccess | "absent"> => {
  const path = clusterPath(connection);
  const asked = {
    action: "Microsoft.ContainerService/managedClusters/read",
    on: `cluster ${connection.name}`,
  };
  const found = await askFor(asked, () => send<Cluster>({ method: "GET", path }));
  if (found === undefined) return "absent";
  checkKind(connection, found.body);
  const { properties = {} } = found.body;
  if ((properties.fqdn ?? properties.privateFQDN) === undefined)
    throw notOpen(connection.name, properties.provisioningState);
  const { server, authority } = await readApi(connection, path);
  const program = ownEntry(join(__dirname, "token"));
  return { kubeconfig: keepKubeconfig({ name: connection.name, server, authority, program }) };
};

export const withCluster = withClusterBy(openAccess);

const notOpen = (name: string, status = "in an unknown state"): KubeError =>
  new KubeError({
    kind: "unreachable",
    message: `AKS cluster ${name} is ${status}: its API has no address yet`,
  });

/** AKS tells who signs for the API server in a kubeconfig only; nothing else of that is used. */
const readApi = async ({ name }: ConnectionRecipe, path: string): Promise<Api> => {
  const action = "Microsoft.ContainerService/managedClusters/listClusterUserCredential/action";
  const { body } = await ask({ action, on: `cluster ${name}` }, () =>
    send<{ readonly kubeconfigs?: readonly { readonly value?: string }[] }>({
      method: "POST",
      path: `${path}/listClusterUserCredential`,
      query: "&format=exec",
    }),
  );
  const api = apiIn(body.kubeconfigs?.[0]?.value);
  if (api === undefined) throw notOpen(name, "without a usable kubeconfig");
  return api;
};

const makesNodes = ({ sku, properties }: Cluster): boolean =>
  sku?.name === "Automatic" || properties?.nodeProvisioningProfile?.mode === "Auto";

const checkKind = ({ name }: ConnectionRecipe, cluster: Cluster): void => {
  const withEntra = cluster.properties?.aadProfile?.managed === true;
  const found = [...(makesNodes(cluster) ? [provisions(name)] : []), ...(withEntra ? [] : [noEntra(name)])];
  if (found.length > 0) throw new ProblemError("not a cluster for this program", found);
};

const provisions = (name: string): Problem => ({
  code: "Aks.NodeProvisioning",
  path: "cluster.name",
  message: `cluster "${name}" makes nodes by itself (AKS Automatic or node auto-provisioning): they are no generation, and AKS would drain them past every gate`,
  fix: "use a cluster of the Base SKU with nodeProvisioningProfile.mode Manual",
});

const noEntra = (name: string): Problem => ({
  code: "Aks.NoEntraId",
  path: "cluster.name",
  message: `cluster "${name}" is not integrated with Entra ID: only a stored secret would open it`,
  fix: "turn it on: `az aks update --enable-aad`",
});
