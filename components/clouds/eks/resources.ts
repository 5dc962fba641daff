import { Cluster, type ClusterArgs } from "@pulumi/aws/eks/cluster";
import { NodeGroup } from "@pulumi/aws/eks/nodeGroup";
import { Provider } from "@pulumi/aws/provider";
import type { ClusterSpec } from "../../../core/config";
import type * as pulumi from "../../sdk";
import type { CloudEntry, CloudResources } from "../contract";
import { eksFacts } from "./facts";
import { inheritedCluster } from "./inherited";
import { fixedProperties, importOf, nodeGroupArgs } from "./nodeGroupArgs";

/** A provider of the cluster's own: its region, and its account where config names one, hold whatever the environment. */
const openProvider = ({ name, region, account }: ClusterSpec, parent: pulumi.Resource): Provider =>
  new Provider(
    name,
    {
      ...(region === undefined ? {} : { region }),
      ...(account === undefined ? {} : { allowedAccountIds: [account] }),
    },
    { parent },
  );

const clusterArgs = ({ name, region, version, eks }: ClusterSpec): ClusterArgs => {
  if (eks === undefined) throw new Error("a cluster without its eks block passed config");
  const { public: open, private: inside, publicCidrs } = eks.endpoint;
  return {
    name,
    region,
    version,
    roleArn: eks.roleArn,
    vpcConfig: {
      subnetIds: Object.values(eks.subnets).sort(),
      endpointPublicAccess: open,
      endpointPrivateAccess: inside,
      ...(publicCidrs.length === 0 ? {} : { publicAccessCidrs: [...publicCidrs] }),
    },
    accessConfig: {
      authenticationMode: "API_AND_CONFIG_MAP",
      bootstrapClusterCreatorAdminPermissions: true,
    },
    bootstrapSelfManagedAddons: true,
    enabledClusterLogTypes: [...eks.logs],
    upgradePolicy: { supportType: eks.support.toUpperCase() },
  };
};

/** What EKS can change only by making another cluster: never by an edit of config. */
const FIXED = [
  "roleArn",
  "accessConfig.bootstrapClusterCreatorAdminPermissions",
  "bootstrapSelfManagedAddons",
];

const adoption = ({
  name,
  adopt,
}: ClusterSpec): Pick<pulumi.CustomResourceOptions, "import" | "ignoreChanges"> =>
  adopt === undefined ? { ignoreChanges: FIXED } : { import: name, ignoreChanges: [...inheritedCluster] };

const resourcesOf = (provider: Provider): CloudResources => ({
  controlPlane: ({ cluster }, opts) =>
    new Cluster(cluster.name, clusterArgs(cluster), { ...opts, provider, ...adoption(cluster) }),
  nodePool: (args, opts) =>
    new NodeGroup(args.generation, nodeGroupArgs(args), {
      ...opts,
      provider,
      ...importOf(args),
      ignoreChanges: fixedProperties(args),
    }),
});

/** EKS by its provider's own resources: with an account nothing here changes. */
export const eks: CloudEntry = {
  facts: eksFacts,
  open: (cluster, parent) => resourcesOf(openProvider(cluster, parent)),
};
