import { listManagedClusterUserCredentialsOutput } from "@pulumi/azure-native/containerservice/listManagedClusterUserCredentials";
import { AgentPool } from "@pulumi/azure-native/containerservice/agentPool";
import { ManagedCluster } from "@pulumi/azure-native/containerservice/managedCluster";
import { Provider } from "@pulumi/azure-native/provider";
import type { ClusterSpec } from "../../../core/config";
import { gateOf } from "../../gates/gate";
import type * as pulumi from "../../sdk";
import type { CloudEntry, CloudResources, ControlPlaneArgs, NodePoolArgs } from "../contract";
import { kubeconfigText } from "../kubeconfigText";
import { agentPoolArgs } from "./agentPoolArgs";
import { birthPool, clusterArgs, FIXED } from "./clusterArgs";
import { AKS_SERVER, aksFacts, clusterPath } from "./facts";
import { fixedPool, inheritedCluster } from "./inherited";
import { apiIn } from "./kubeconfig";
import type { AksBirthInputs } from "./protocol";

const aksBirth = gateOf<AksBirthInputs>("AksBirth");

/** A provider of the cluster's own: its subscription holds whatever the environment says. */
const openProvider = ({ name, account }: ClusterSpec, parent: pulumi.Resource): Provider =>
  new Provider(name, account === undefined ? {} : { subscriptionId: account }, { parent });

/**
 * Not ignored: `agentPoolProfiles`. An update of the cluster may name no pool that is gone, and must not state what
 * managed pools are; so it names none once the cluster is there (docs/adr/0017).
 */
const openCluster = (
  { cluster, connection }: ControlPlaneArgs,
  opts: pulumi.CustomResourceOptions,
): ManagedCluster => {
  const { dependsOn, parent, provider: _own, ...rest } = opts;
  const gateOpts = {
    ...(parent === undefined ? {} : { parent }),
    ...(dependsOn === undefined ? {} : { dependsOn }),
  };
  const { needed } = aksBirth(cluster.name, { connection, cluster: cluster.name }, gateOpts);
  const pools = needed.apply(isNeeded => (isNeeded ? birthPool(cluster) : undefined));
  return new ManagedCluster(
    cluster.name,
    { ...clusterArgs(cluster), agentPoolProfiles: pools },
    {
      ...rest,
      ...gateOpts,
      provider: opts.provider,
      protect: cluster.aks?.deletionProtection ?? true,
      ignoreChanges: [...FIXED],
    },
  );
};

/** Known by the id that Azure gives it (pages "Import" of azure-native.containerservice in Pulumi's registry). */
const adoptCluster = (
  { cluster, connection }: ControlPlaneArgs,
  opts: pulumi.CustomResourceOptions,
): ManagedCluster =>
  new ManagedCluster(cluster.name, clusterArgs(cluster), {
    ...opts,
    protect: cluster.aks?.deletionProtection ?? true,
    import: clusterPath(connection),
    ignoreChanges: inheritedCluster(cluster),
  });

const importOf = ({ connection, adopted }: NodePoolArgs): { readonly import?: string } =>
  adopted === undefined ? {} : { import: `${clusterPath(connection)}/agentPools/${adopted}` };

/**
 * kubelogin takes the token of `az login`; AAD_LOGIN_METHOD in the environment says another way (Azure/kubelogin,
 * options.go, UpdateFromEnv). It answers in v1beta1 in all its releases.
 */
const LOGIN = {
  command: "kubelogin",
  args: ["get-token", "--login", "azurecli", "--server-id", AKS_SERVER],
  answers: "v1beta1",
} as const;

/**
 * Asked of AKS and not of the cluster's outputs: those hold no authority, and azure-native knows none of them in a
 * preview that changes the cluster. The engine asks nothing while that is being made. Of the answer the address and the
 * authority are kept; clusters without Entra ID, whose answer holds a secret, are no clusters for this adapter.
 */
const kubeconfigOf = (
  provider: Provider,
  { name, project = "" }: ClusterSpec,
  controlPlane: pulumi.Resource,
): pulumi.Output<string> =>
  listManagedClusterUserCredentialsOutput(
    { resourceGroupName: project, resourceName: name, format: "exec" },
    { provider, dependsOn: [controlPlane] },
  ).apply(({ kubeconfigs }) => {
    const api = apiIn(kubeconfigs[0]?.value);
    if (api === undefined) throw new Error(`AKS cluster ${name} has no kubeconfig to read its address of`);
    return kubeconfigText({ name, ...api, program: LOGIN });
  });

/** AKS keeps its last system pool, so a destroyed cluster takes its pools with it. */
const resourcesOf = (provider: Provider): CloudResources => {
  let cluster: ManagedCluster | undefined;
  return {
    controlPlane: (args, opts) => {
      const open = args.cluster.adopt === undefined ? openCluster : adoptCluster;
      cluster = open(args, { ...opts, provider });
      return cluster;
    },
    nodePool: (args, opts) =>
      new AgentPool(args.generation, agentPoolArgs(args), {
        ...opts,
        provider,
        ...(cluster === undefined ? {} : { deletedWith: cluster }),
        ...importOf(args),
        ignoreChanges: [...fixedPool],
      }),
    kubeconfig: (spec, controlPlane) => kubeconfigOf(provider, spec, controlPlane),
  };
};

/** AKS by its provider's own resources: with an account nothing here changes. */
export const aks: CloudEntry = {
  facts: aksFacts,
  open: (cluster, parent) => resourcesOf(openProvider(cluster, parent)),
};
