import { Addon } from "@pulumi/aws/eks/addon";
import { Cluster, type ClusterArgs } from "@pulumi/aws/eks/cluster";
import { NodeGroup } from "@pulumi/aws/eks/nodeGroup";
import { Provider } from "@pulumi/aws/provider";
import type { ClusterSpec } from "../../../core/config";
import * as pulumi from "../../sdk";
import type { CloudEntry, CloudResources, ControlPlaneArgs, NodePoolArgs } from "../contract";
import { kubeconfigText } from "../kubeconfigText";
import { administrators } from "./administrators";
import { addOnAdoption, addOnArgs } from "./addOnArgs";
import { BUILT_IN, eksFacts } from "./facts";
import { inheritedCluster } from "./inherited";
import { karpenterMachines } from "./karpenter/resource";
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

const clusterArgs = ({ cluster, addOns }: ControlPlaneArgs): ClusterArgs => {
  const { name, region, version, eks } = cluster;
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
    // Where this stack holds all of them, EKS's own would only be in the way: never seized, they would conflict.
    bootstrapSelfManagedAddons: !BUILT_IN.every(name => addOns.includes(name)),
    enabledClusterLogTypes: [...eks.logs],
    upgradePolicy: { supportType: eks.support.toUpperCase() },
    ...(eks.encryptionKey === undefined
      ? {}
      : { encryptionConfig: { provider: { keyArn: eks.encryptionKey }, resources: ["secrets"] } }),
  };
};

/** What EKS can change only by making another cluster: never by an edit of config. */
const FIXED = [
  "roleArn",
  "accessConfig.bootstrapClusterCreatorAdminPermissions",
  "bootstrapSelfManagedAddons",
  "encryptionConfig",
];

const adoption = ({
  name,
  adopt,
}: ClusterSpec): Pick<pulumi.CustomResourceOptions, "import" | "ignoreChanges"> =>
  adopt === undefined ? { ignoreChanges: FIXED } : { import: name, ignoreChanges: [...inheritedCluster] };

const nodeGroup = (provider: Provider, args: NodePoolArgs, opts: pulumi.CustomResourceOptions): NodeGroup =>
  new NodeGroup(args.generation, nodeGroupArgs(args), {
    ...opts,
    provider,
    ...importOf(args),
    ignoreChanges: fixedProperties(args),
  });

/**
 * As `aws eks update-kubeconfig` describes it, and read by whoever has the AWS CLI and the environment of `pulumi up`.
 * A new version leaves endpoint and authority as they are, and the provider tells them in such a preview, too: nothing
 * in its plan changes what it computed before (terraform-provider-aws, internal/service/eks/cluster.go, CustomizeDiff).
 */
const kubeconfigOf = (
  { name, region = "" }: ClusterSpec,
  controlPlane: pulumi.Resource,
): pulumi.Output<string> => {
  if (!(controlPlane instanceof Cluster)) throw new Error("a control plane that EKS did not make");
  const args = ["eks", "get-token", "--cluster-name", name, "--region", region, "--output", "json"];
  return pulumi
    .all([controlPlane.endpoint, controlPlane.certificateAuthority.data])
    .apply(([server, authority]) =>
      kubeconfigText({ name, server, authority, program: { command: "aws", args } }),
    );
};

const resourcesOf = (provider: Provider): CloudResources => ({
  controlPlane: (args, opts) =>
    new Cluster(args.cluster.name, clusterArgs(args), { ...opts, provider, ...adoption(args.cluster) }),
  administrators: (cluster, opts) => administrators(cluster, { ...opts, provider }),
  nodePool: (args, opts) =>
    args.spec.karpenter === undefined ? nodeGroup(provider, args, opts) : karpenterMachines(args, opts),
  addOn: (args, opts) => new Addon(args.name, addOnArgs(args), { ...opts, provider, ...addOnAdoption(args) }),
  kubeconfig: kubeconfigOf,
});

/** EKS by its provider's own resources: with an account nothing here changes. */
export const eks: CloudEntry = {
  facts: eksFacts,
  open: (cluster, parent) => resourcesOf(openProvider(cluster, parent)),
};
