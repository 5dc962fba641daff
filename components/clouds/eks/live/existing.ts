import { type Cluster, DescribeClusterCommand, type Nodegroup } from "@aws-sdk/client-eks";
import type { ConnectionRecipe } from "../../../../core/config/connection";
import {
  type ExistingCluster,
  type ExistingPool,
  marksIn,
  mostCommon,
  present,
  writeBornWith,
} from "../../../../core/config/existing";
import type { Problem } from "../../../../core/problem";
import { amiTypeOf } from "../facts";
import { regionOf } from "./access";
import { listGroups } from "./adopted";
import { AUTO_MODE } from "./autoMode";
import { askFor } from "./call";
import { eksClient } from "./clients";
import { keyOf } from "./encryption";
import { judgeGroup } from "./judgeGroup";
import { shapeOf } from "./shape";
import { nameSubnets, readZones } from "./zones";

/** The cluster and its node groups as config would describe them. */
export const readExisting = async (place: ConnectionRecipe): Promise<ExistingCluster | "absent"> => {
  const { name } = place;
  const found = await askFor({ action: "eks:DescribeCluster", on: `cluster ${name}` }, () =>
    eksClient(regionOf(place)).send(new DescribeClusterCommand({ name })),
  );
  const groups = await listGroups(place);
  if (found?.cluster === undefined || groups === undefined) return "absent";
  return describeExisting(place, found.cluster, groups);
};

const describeExisting = async (
  place: ConnectionRecipe,
  cluster: Cluster,
  groups: readonly Nodegroup[],
): Promise<ExistingCluster> => {
  const own = cluster.resourcesVpcConfig?.subnetIds ?? [];
  const used = new Set(groups.flatMap(({ subnets = [] }) => subnets));
  const zones = await readZones(regionOf(place), [...new Set([...own, ...used])].sort());
  const subnets = nameSubnets(zones, used);
  const nodeRoleArn = commonRole(groups);
  return {
    cluster: clusterBlock(place, cluster, { subnets, nodeRoleArn }),
    pools: groups.map(group => describeGroup(group, { subnets, nodeRoleArn })),
    problems: [...judgeCluster(cluster), ...(groups.length === 0 ? [noRole(place)] : [])],
  };
};

interface Network {
  readonly subnets: Readonly<Record<string, string>>;
  readonly nodeRoleArn: string;
}

/** Config has one role for all nodes: that of most groups. */
const commonRole = (groups: readonly Nodegroup[]): string =>
  mostCommon(groups.map(({ nodeRole = "" }) => nodeRole));

const clusterBlock = (
  place: ConnectionRecipe,
  cluster: Cluster,
  network: Network,
): ExistingCluster["cluster"] => ({
  name: place.name,
  cloud: "eks",
  version: cluster.version ?? "",
  region: regionOf(place),
  eks: {
    roleArn: cluster.roleArn,
    nodeRoleArn: network.nodeRoleArn,
    subnets: network.subnets,
    endpoint: endpointOf(cluster),
    logs: (cluster.logging?.clusterLogging ?? []).flatMap(({ enabled, types = [] }) =>
      enabled === true ? types : [],
    ),
    ...present("encryptionKey", keyOf(cluster)),
    support: (cluster.upgradePolicy?.supportType ?? "EXTENDED").toLowerCase(),
  },
});

const ANYBODY = "0.0.0.0/0";

const endpointOf = ({ resourcesVpcConfig = {} }: Cluster): object => {
  const { endpointPublicAccess, endpointPrivateAccess, publicAccessCidrs = [] } = resourcesVpcConfig;
  const limits = publicAccessCidrs.filter(cidr => cidr !== ANYBODY);
  return {
    public: endpointPublicAccess ?? true,
    private: endpointPrivateAccess ?? false,
    ...(limits.length === 0 ? {} : { publicCidrs: limits }),
  };
};

const describeGroup = (group: Nodegroup, network: Network): ExistingPool => {
  const { nodegroupName: name = "", labels = {} } = group;
  const marks = marksIn(labels);
  return {
    ...{ name, marks, entry: entryOf(group, network) },
    nodes: { "eks.amazonaws.com/nodegroup": name },
    made: marks.generation === name,
    problems: judgeGroup(group, network.nodeRoleArn),
  };
};

const entryOf = (group: Nodegroup, { subnets }: Network): ExistingPool["entry"] => {
  const { scalingConfig = {}, version = "", instanceTypes: [machine = ""] = [], labels } = group;
  return {
    version,
    size: { min: scalingConfig.minSize ?? 0, max: scalingConfig.maxSize ?? 1 },
    machine,
    image: imageOf(group),
    zones: Object.keys(subnets).filter(zone => group.subnets?.includes(subnets[zone] ?? "") === true),
    ...shapeOf(group),
    ...writeBornWith(labels, taintsOf(group)),
  };
};

const imageOf = ({ amiType, releaseVersion = "", instanceTypes = [] }: Nodegroup): string =>
  amiType === amiTypeOf(instanceTypes[0] ?? "") ? releaseVersion : `${amiType ?? ""}/${releaseVersion}`;

const EFFECT: Readonly<Record<string, string>> = {
  NO_SCHEDULE: "NoSchedule",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
  NO_EXECUTE: "NoExecute",
};

const taintsOf = ({ taints = [] }: Nodegroup) =>
  taints.map(({ key = "", value, effect = "" }) => ({
    key,
    ...present("value", value),
    effect: EFFECT[effect] ?? effect,
  }));

const judgeCluster = ({ name = "", status, computeConfig, outpostConfig }: Cluster): readonly Problem[] => [
  ...(status === "ACTIVE" ? [] : [notActive(name, status)]),
  ...(computeConfig?.enabled === true ? [autoMode(name)] : []),
  ...(outpostConfig === undefined ? [] : [outpost(name)]),
];

const notActive = (name: string, status = "unknown"): Problem => ({
  code: "Adopt.EksNotActive",
  path: `cluster ${name}`,
  message: `it is ${status}; only a cluster at rest, ACTIVE, is taken over`,
  fix: "wait for the end of its update, or mend it; then run this again",
});

const autoMode = (name: string): Problem => ({
  code: "Adopt.EksAutoMode",
  path: `cluster ${name}`,
  message: `it ${AUTO_MODE.is}`,
  fix: `${AUTO_MODE.fix}, or leave this cluster to it`,
  source: AUTO_MODE.source,
});

const outpost = (name: string): Problem => ({
  code: "Adopt.EksOutpost",
  path: `cluster ${name}`,
  message: "its control plane runs on an Outpost, which has neither managed node groups nor these versions",
  fix: "leave this cluster to its present way of upgrades",
});

const noRole = ({ name }: ConnectionRecipe): Problem => ({
  code: "Adopt.EksNoNodeGroups",
  path: `cluster ${name}`,
  message: "it has no managed node group; self-managed nodes, Karpenter's and Fargate's can't be taken over",
  fix: "make a managed node group for new workloads first, or describe the cluster in config by hand",
});
