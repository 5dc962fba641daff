import { Cluster, type ClusterArgs } from "@pulumi/gcp/container/cluster";
import { NodePool } from "@pulumi/gcp/container/nodePool";
import { Provider } from "@pulumi/gcp/provider";
import type { ClusterSpec } from "../../../core/config";
import type * as pulumi from "../../sdk";
import type { CloudEntry, CloudResources } from "../contract";
import { gkeFacts } from "./facts";
import { fixedProperties, nodePoolArgs } from "./nodePoolArgs";

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

/** GKE makes no cluster without a pool: the first one is taken away again, so that every pool is a generation. */
const clusterArgs = ({ name, project, region, version, gke: own }: ClusterSpec): ClusterArgs => {
  if (own === undefined || project === undefined) throw new Error("a cluster without its gke block passed");
  return {
    name,
    project,
    location: region,
    minMasterVersion: version,
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

const resourcesOf = (provider: Provider): CloudResources => ({
  controlPlane: ({ cluster }, opts) =>
    new Cluster(cluster.name, clusterArgs(cluster), { ...opts, provider, ignoreChanges: FIXED }),
  nodePool: (args, opts) =>
    new NodePool(args.generation, nodePoolArgs(args), {
      ...opts,
      provider,
      ignoreChanges: fixedProperties(args.active),
    }),
});

/** GKE by its provider's own resources: with an account nothing here changes. */
export const gke: CloudEntry = {
  facts: gkeFacts,
  open: (cluster, parent) => resourcesOf(openProvider(cluster, parent)),
};
