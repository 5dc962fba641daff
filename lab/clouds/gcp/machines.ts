import { exactVersion, runnableMinors } from "../../../controlplane";
import { destroyLab, ensureLab } from "../../lab";
import {
  deleteLabPool,
  ensureLabPool,
  type LabTaint,
  readLabPool,
  releaseLabNode,
  resizeLabPool,
  setTemplateLabels,
  setTemplateTaints,
} from "../../nodes";
import { nodesOf, withLabKube } from "../../pools/converge";
import { machineId } from "../../pools/node";
import { notCovered } from "./rules";
import type { ClusterRecord, NodeTaint, PoolRecord } from "./state";

/*
 * What stands behind the API: a lab for each cluster, a lab's pool for each node pool. The pool takes any size; bounds
 * and zones' groups are the API's own business.
 */

/** Size and memory of the machine types that programs here use (https://docs.cloud.google.com/compute/docs/general-purpose-machines). */
const TYPES: Readonly<Record<string, { readonly cpu: string; readonly memory: string }>> = {
  "n2-standard-2": { cpu: "2", memory: "8Gi" },
  "n2-standard-4": { cpu: "4", memory: "16Gi" },
  "n2-standard-8": { cpu: "8", memory: "32Gi" },
  "e2-standard-2": { cpu: "2", memory: "8Gi" },
  "e2-standard-4": { cpu: "4", memory: "16Gi" },
};

const ANY_SIZE = { min: 0, max: 1_000 };

export const checkMachineType = (type = ""): { readonly cpu: string; readonly memory: string } =>
  TYPES[type] ?? notCovered(`the machine type ${type}; it has ${Object.keys(TYPES).join(", ")}`);

const minorText = (version: string): string => version.split(".").slice(0, 2).join(".");

/** The exact version that an alias means: "1.36" and "1.36.4" are the highest build that is offered of them. */
export const resolveVersion = (wanted: string): string => {
  const minor = minorText(wanted);
  if (!runnableMinors().includes(minor)) notCovered(`Kubernetes ${wanted}`);
  return wanted.includes("-gke.") ? wanted : `${exactVersion(minor)}-gke.1000000`;
};

export const raiseCluster = async (
  { name, version }: Pick<ClusterRecord, "name" | "version">,
  signal: AbortSignal,
): Promise<void> => {
  await ensureLab({ name, version: exactVersion(minorText(version)) }, { progress: () => undefined, signal });
};

export const razeCluster = (name: string): Promise<void> => destroyLab(name);

const EFFECTS: Readonly<Record<string, LabTaint["effect"]>> = {
  NO_SCHEDULE: "NoSchedule",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
  NO_EXECUTE: "NoExecute",
};

const labTaint = ({ key, value = "", effect }: NodeTaint): LabTaint => ({
  key,
  effect: EFFECTS[effect] ?? notCovered(`the taint effect ${effect}`),
  ...(value === "" ? {} : { value }),
});

/** The pool a cluster is born with has no machines here: whoever made the cluster takes it away at once. */
const FIRST = "default-pool";

const machinesOf = ({ name }: PoolRecord): string | undefined => (name === FIRST ? undefined : name);

export const totalSize = ({ sizes }: PoolRecord): number =>
  Object.values(sizes).reduce((total, one) => total + one, 0);

/** Makes or finishes the machines of a pool, with the labels and ids that GKE gives its nodes. */
export const raisePool = async (
  pool: PoolRecord,
  place: { readonly project: string; readonly region: string },
  signal: AbortSignal,
): Promise<void> => {
  const generation = machinesOf(pool);
  if (generation === undefined) return;
  const { config } = pool;
  const spec = {
    generation,
    pool: "",
    version: pool.version,
    size: ANY_SIZE,
    start: totalSize(pool),
    machine: config.machineType,
    zones: pool.locations,
    labels: {
      ...config.labels,
      "cloud.google.com/gke-nodepool": pool.name,
      "topology.kubernetes.io/region": place.region,
    },
    taints: (config.taints ?? []).map(labTaint),
    dress: { ...checkMachineType(config.machineType), providerId: `gce://${place.project}/{zone}/gke-{id}` },
  };
  await ensureLabPool(pool.cluster, spec, { signal });
};

/** Brings size and taints of the machines to what the pool says. Taints of nodes that are there stay as they are. */
export const settlePool = async (pool: PoolRecord, signal: AbortSignal): Promise<void> => {
  const [generation, lab] = [machinesOf(pool), pool.cluster];
  const found = generation === undefined ? undefined : readLabPool(lab, generation);
  if (generation === undefined || found === undefined) return;
  await setTemplateTaints(lab, { generation, taints: (pool.config.taints ?? []).map(labTaint) }, { signal });
  await setTemplateLabels(lab, { generation, labels: pool.config.labels ?? {} }, { signal });
  const desired = totalSize(pool);
  if (desired !== found.desired) await resizeLabPool(lab, { generation, desired }, { signal });
};

export const razePool = async (pool: PoolRecord, signal: AbortSignal): Promise<void> => {
  const generation = machinesOf(pool);
  if (generation !== undefined) await deleteLabPool(pool.cluster, generation, { signal });
};

/** Names of the pool's instances, each with its node's name. */
const instancesOf = async (
  { cluster }: PoolRecord,
  generation: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> => {
  const names = await withLabKube(cluster, kube => nodesOf(kube, generation, signal));
  return new Map(names.map(name => [`gke-${machineId(name)}`, name]));
};

/** Ends those that are there, and says how many these were. */
export const endInstances = async (
  pool: PoolRecord,
  instances: readonly string[],
  signal: AbortSignal,
): Promise<number> => {
  const generation = machinesOf(pool) ?? "";
  const known = await instancesOf(pool, generation, signal);
  const nodes = instances.flatMap(name => known.get(name) ?? []);
  for (const name of nodes) await releaseLabNode(pool.cluster, { generation, name }, { signal });
  return nodes.length;
};
