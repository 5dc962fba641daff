import { exactVersion, runnableMinors } from "../../../controlplane";
import type { LabTaint } from "../../nodes";
import { machineId } from "../../pools/node";
import {
  endNodes,
  type Machines,
  nodesIn,
  raiseLab,
  raiseMachines,
  razeLab,
  razeMachines,
  settleMachines,
} from "../labBehind";
import { notCovered } from "./rules";
import type { ClusterRecord, NodeTaint, PoolRecord } from "./state";

/** Size and memory of the machine types that programs here use (https://docs.cloud.google.com/compute/docs/general-purpose-machines). */
const TYPES: Readonly<Record<string, { readonly cpu: string; readonly memory: string }>> = {
  "n2-standard-2": { cpu: "2", memory: "8Gi" },
  "n2-standard-4": { cpu: "4", memory: "16Gi" },
  "n2-standard-8": { cpu: "8", memory: "32Gi" },
  "e2-standard-2": { cpu: "2", memory: "8Gi" },
  "e2-standard-4": { cpu: "4", memory: "16Gi" },
};

export const machineTypeOf = (type: string): { readonly cpu: string } | undefined => TYPES[type];

export const checkMachineType = (type = ""): { readonly cpu: string; readonly memory: string } =>
  TYPES[type] ?? notCovered(`the machine type ${type}; it has ${Object.keys(TYPES).join(", ")}`);

export const minorText = (version: string): string => version.split(".").slice(0, 2).join(".");

/** The exact version that an alias means: "1.36" and "1.36.4" are the highest build that is offered of them. */
export const resolveVersion = (wanted: string): string => {
  const minor = minorText(wanted);
  if (!runnableMinors().includes(minor)) notCovered(`Kubernetes ${wanted}`);
  return wanted.includes("-gke.") ? wanted : `${exactVersion(minor)}-gke.1000000`;
};

export const raiseCluster = (
  { name, version, soaking }: Pick<ClusterRecord, "name" | "version" | "soaking">,
  signal: AbortSignal,
): Promise<void> =>
  raiseLab(
    name,
    {
      version: exactVersion(minorText(version)),
      ...(soaking === undefined ? {} : { emulated: soaking.minor }),
    },
    signal,
  );

export const razeCluster = razeLab;

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

const machinesOf = ({ cluster, name, config }: PoolRecord): Machines => ({
  lab: cluster,
  labels: config.labels ?? {},
  ...(name === FIRST ? {} : { name }),
});

export const totalSize = ({ sizes }: PoolRecord): number =>
  Object.values(sizes).reduce((total, one) => total + one, 0);

const taintsOf = ({ config }: PoolRecord): LabTaint[] => (config.taints ?? []).map(labTaint);

/** Makes or finishes the machines of a pool, with the labels and ids that GKE gives its nodes. */
export const raisePool = async (
  pool: PoolRecord,
  place: { readonly project: string; readonly region: string },
  signal: AbortSignal,
): Promise<void> => {
  const { config, locations: zones, version } = pool;
  const own = {
    "cloud.google.com/gke-nodepool": pool.name,
    "topology.kubernetes.io/region": place.region,
  };
  const { machineType: machine } = config;
  const dress = { ...checkMachineType(machine), providerId: `gce://${place.project}/{zone}/gke-{id}` };
  const made = { version, zones, taints: taintsOf(pool), start: totalSize(pool), machine, dress };
  await raiseMachines({ ...machinesOf(pool), own }, made, signal);
};

export const settlePool = (pool: PoolRecord, signal: AbortSignal): Promise<void> =>
  settleMachines(machinesOf(pool), { desired: totalSize(pool), taints: taintsOf(pool) }, signal);

export const razePool = (pool: PoolRecord, signal: AbortSignal): Promise<void> =>
  razeMachines(machinesOf(pool), signal);

/** Ends the instances that are there, and says how many these were. */
export const endInstances = async (
  pool: PoolRecord,
  instances: readonly string[],
  signal: AbortSignal,
): Promise<number> => {
  const nodes = await nodesIn(machinesOf(pool), signal);
  const ending = nodes.filter(name => instances.includes(`gke-${machineId(name)}`));
  await endNodes(machinesOf(pool), ending, signal);
  return ending.length;
};
