import type { ConnectionRecipe } from "../../../../core/config/connection";
import {
  type ExistingCluster,
  type ExistingPool,
  marksIn,
  mostCommon,
  present,
  writeBornWith,
} from "../../../../core/config/existing";
import { minorOf } from "../../../../core/version/kubeVersion";
import { EFFECT, IMAGE_TYPE, nodePoolName } from "../facts";
import { clusterUrl } from "./access";
import { askFor } from "./call";
import { send } from "./client";
import type { GkeCluster, GkeNodeConfig, GkePool } from "./found";
import { readGroups } from "./groups";
import { judgeCluster, judgePool } from "./judgeExisting";
import { shapeOf } from "./shape";
import { sum } from "./spread";

/** The cluster and its node pools as config would describe them. */
export const readExisting = async (place: ConnectionRecipe): Promise<ExistingCluster | "absent"> => {
  const asked = { permission: "container.clusters.get", on: `cluster ${place.name}` };
  const found = await askFor(asked, () => send<GkeCluster>({ method: "GET", url: clusterUrl(place) }));
  if (found === undefined) return "absent";
  const pools = found.nodePools ?? [];
  const account = commonAccount(pools);
  return {
    cluster: clusterBlock(place, found, account),
    pools: await Promise.all(pools.map(pool => describePool(place, pool, account))),
    problems: judgeCluster(place.name, found),
  };
};

/** Config has one service account for all nodes: that of most pools. */
const commonAccount = (pools: readonly GkePool[]): string =>
  mostCommon(pools.map(({ config }) => config?.serviceAccount ?? "default")) || "default";

const clusterBlock = (
  place: ConnectionRecipe,
  cluster: GkeCluster,
  serviceAccount: string,
): ExistingCluster["cluster"] => {
  const { clusterSecondaryRangeName: podRange, servicesSecondaryRangeName: serviceRange } =
    cluster.ipAllocationPolicy ?? {};
  return {
    name: place.name,
    cloud: "gke",
    // A minor: GKE chooses the build.
    version: minorOf(cluster.currentMasterVersion ?? ""),
    region: place.region,
    project: place.project,
    gke: {
      serviceAccount,
      network: cluster.network ?? "default",
      ...present("subnetwork", cluster.subnetwork),
      ...present("podRange", podRange),
      ...present("serviceRange", serviceRange),
    },
  };
};

const describePool = async (
  place: ConnectionRecipe,
  found: GkePool,
  account: string,
): Promise<ExistingPool> => {
  const { name = "", config = {} } = found;
  const marks = marksIn(config.labels);
  return {
    ...{ name, marks },
    entry: { ...entryOf(place, found), size: await sizeOf(place, found) },
    nodes: { "cloud.google.com/gke-nodepool": name },
    made: marks.generation !== undefined && name === nodePoolName(marks.generation),
    problems: judgePool(found, account),
  };
};

const entryOf = ({ region = "" }: ConnectionRecipe, pool: GkePool): ExistingPool["entry"] => {
  const { config = {}, version = "", locations = [] } = pool;
  const { machineType: machine = "", imageType = "" } = config;
  return {
    version: minorOf(version),
    machine,
    image: imageType === IMAGE_TYPE ? version : `${imageType}/${version}`,
    zones: locations.map(zone => zone.replace(`${region}-`, "")).sort(),
    ...shapeOf(config),
    ...writeBornWith(config.labels, taintsOf(config)),
  };
};

/** GKE bounds a pool as a whole, or each of its zones, or not at all: then it has the nodes it has. */
const sizeOf = async (connection: ConnectionRecipe, pool: GkePool): Promise<object> => {
  const { name = "", autoscaling = {}, locations = [] } = pool;
  if (autoscaling.enabled === true) return boundsOf(autoscaling, locations.length);
  const groups = await readGroups({ connection, pool: name, generation: name }, pool);
  const count = sum(groups.map(({ size }) => size));
  return { min: count, max: Math.max(1, count) };
};

type Bounds = NonNullable<GkePool["autoscaling"]>;

const boundsOf = (
  { totalMinNodeCount = 0, totalMaxNodeCount = 0, ...zonal }: Bounds,
  zones: number,
): object =>
  totalMaxNodeCount > 0
    ? { min: totalMinNodeCount, max: totalMaxNodeCount }
    : { min: (zonal.minNodeCount ?? 0) * zones, max: (zonal.maxNodeCount ?? 1) * zones };

const WORD = new Map<string, string>(Object.entries(EFFECT).map(([word, theirs]) => [theirs, word]));

const taintsOf = ({ taints = [] }: GkeNodeConfig) =>
  taints.map(({ key, value, effect }) => ({
    key,
    ...present("value", value),
    effect: WORD.get(effect) ?? effect,
  }));
