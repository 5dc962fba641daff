import { Cluster, type ClusterArgs } from "@pulumi/gcp/container/cluster";
import { NodePool } from "@pulumi/gcp/container/nodePool";
import { Provider } from "@pulumi/gcp/provider";
import { type ClusterSpec, soakOf } from "../../../core/config";
import * as pulumi from "../../sdk";
import type { CloudEntry, CloudResources } from "../contract";
import { kubeconfigText } from "../kubeconfigText";
import { clusterPath, gkeFacts } from "./facts";
import { inheritedCluster } from "./inherited";
import { fixedProperties, importOf, nodePoolArgs } from "./nodePoolArgs";

/** A provider of the cluster's own: project and region hold whatever the environment says. */
const openProvider = ({ name, project, region }: ClusterSpec, parent: pulumi.Resource): Provider =>
  new Provider(name, { project, region }, { parent });

type Gke = NonNullable<ClusterSpec["gke"]>;

const SCOPE = {
  noUpgrades: "NO_UPGRADES",
  noMinorUpgrades: "NO_MINOR_UPGRADES",
  noMinorOrNodeUpgrades: "NO_MINOR_OR_NODE_UPGRADES",
} as const;

const maintenance = ({ maintenance: { dailyStart, exclusions } }: Gke): ClusterArgs["maintenancePolicy"] => ({
  dailyMaintenanceWindow: { startTime: dailyStart },
  maintenanceExclusions: exclusions.map(({ name, from, to, scope }) => ({
    exclusionName: name,
    startTime: from,
    endTime: to,
    exclusionOptions: { scope: SCOPE[scope] },
  })),
});

const network = ({ network: name, subnetwork, podRange, serviceRange }: Gke): Partial<ClusterArgs> => ({
  network: name,
  ...(subnetwork === undefined ? {} : { subnetwork }),
  networkingMode: "VPC_NATIVE",
  ipAllocationPolicy: {
    ...(podRange === undefined ? {} : { clusterSecondaryRangeName: podRange }),
    ...(serviceRange === undefined ? {} : { servicesSecondaryRangeName: serviceRange }),
  },
});

/** Not told of the cluster by GKE: an import finds none, so none is said until config asks for another version. */
const leastVersion = (version: string, adopt: ClusterSpec["adopt"]): Pick<ClusterArgs, "minMasterVersion"> =>
  adopt?.version === version ? {} : { minMasterVersion: version };

/**
 * Beside a newer version it makes the provider's upgrade the first of two steps; alone it changes nothing. At `final` it
 * is left as it is (`kept`), because nobody says what taking it away alone would send.
 */
const firstStep = ({ stage }: ClusterSpec, own: Gke): Pick<ClusterArgs, "rollbackSafeUpgrade"> =>
  stage === "final" ? {} : { rollbackSafeUpgrade: { controlPlaneSoakDuration: `${String(soakOf(own))}s` } };

/** GKE makes no cluster without a pool: the first one is taken away again, so that every pool is a generation. */
const clusterArgs = (cluster: ClusterSpec): ClusterArgs => {
  const { name, project, region, version, adopt, gke: own } = cluster;
  if (own === undefined || project === undefined) throw new Error("a cluster without its gke block passed");
  return {
    name,
    project,
    location: region,
    ...leastVersion(version, adopt),
    ...firstStep(cluster, own),
    removeDefaultNodePool: true,
    initialNodeCount: 1,
    nodeConfig: { serviceAccount: own.serviceAccount },
    // A channel would force node auto-upgrade on every pool.
    releaseChannel: { channel: "UNSPECIFIED" },
    maintenancePolicy: maintenance(own),
    workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
    deletionProtection: own.deletionProtection,
    ...network(own),
  };
};

/**
 * What GKE can change only by making another cluster, and what it or the provider fills in by itself: the first pool's
 * machines (nodeConfig, initialNodeCount, nodeVersion, nodePools) are gone or not the cluster's to state.
 */
const FIXED = [
  ...["name", "project", "location", "network", "subnetwork", "networkingMode", "ipAllocationPolicy"],
  ...["initialNodeCount", "removeDefaultNodePool", "nodeConfig", "nodePools", "nodeVersion"],
  ...["nodeLocations", "resourceLabels"],
];

const SOAK = "rollbackSafeUpgrade";

const kept = ({ stage }: ClusterSpec): readonly string[] => (stage === "final" ? [SOAK] : []);

/** Back at the version it was taken over with, none is said again: what was said last stays, and sends nothing. */
const keptVersion = ({ adopt, version }: ClusterSpec): readonly string[] =>
  adopt?.version === version ? ["minMasterVersion"] : [];

const adoption = (cluster: ClusterSpec): Pick<pulumi.CustomResourceOptions, "import" | "ignoreChanges"> => {
  if (cluster.adopt === undefined) return { ignoreChanges: [...FIXED, ...kept(cluster)] };
  const inherited = inheritedCluster.filter(key => key !== SOAK);
  return {
    import: clusterPath(cluster),
    ignoreChanges: [...inherited, ...kept(cluster), ...keptVersion(cluster)],
  };
};

/**
 * As `gcloud container clusters get-credentials` describes it. Google's plugin answers in v1beta1 alone
 * (kubernetes/cloud-provider-gcp, cmd/gke-gcloud-auth-plugin). A new version leaves endpoint and authority as they are.
 */
const kubeconfigOf = ({ name }: ClusterSpec, controlPlane: pulumi.Resource): pulumi.Output<string> => {
  if (!(controlPlane instanceof Cluster)) throw new Error("a control plane that GKE did not make");
  const program = {
    command: "gke-gcloud-auth-plugin",
    args: [],
    answers: "v1beta1",
    toldOfCluster: true,
  } as const;
  return pulumi
    .all([controlPlane.endpoint, controlPlane.masterAuth.clusterCaCertificate])
    .apply(([endpoint, authority]) =>
      kubeconfigText({ name, server: `https://${endpoint}`, authority, program }),
    );
};

const resourcesOf = (provider: Provider): CloudResources => ({
  controlPlane: ({ cluster }, opts) =>
    new Cluster(cluster.name, clusterArgs(cluster), { ...opts, provider, ...adoption(cluster) }),
  nodePool: (args, opts) =>
    new NodePool(args.generation, nodePoolArgs(args), {
      ...opts,
      provider,
      ...importOf(args),
      ignoreChanges: fixedProperties(args),
    }),
  kubeconfig: kubeconfigOf,
});

/** GKE by its provider's own resources: with an account nothing here changes. */
export const gke: CloudEntry = {
  facts: gkeFacts,
  open: (cluster, parent) => resourcesOf(openProvider(cluster, parent)),
};
