import { isDeepStrictEqual } from "node:util";
import { exactVersion, runnableMinors } from "../../../controlplane";
import { type NodeView, patchNode } from "../../../kube";
import type { LabTaint } from "../../nodes";
import { withLabKube } from "../../pools/converge";
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
import type { ClusterRecord, PoolProperties, PoolRecord } from "./state";

/** Size and memory of the machines that programs here use (https://learn.microsoft.com/azure/virtual-machines/sizes). */
const TYPES: Readonly<Record<string, { readonly cpu: string; readonly memory: string }>> = {
  Standard_D2s_v5: { cpu: "2", memory: "8Gi" },
  Standard_D4s_v5: { cpu: "4", memory: "16Gi" },
  Standard_D8s_v5: { cpu: "8", memory: "32Gi" },
};

export const vmSizeOf = (type: string): { readonly cpu: string } | undefined => TYPES[type];

export const machineSizes = (): readonly (readonly [string, { readonly cpu: string }])[] =>
  Object.entries(TYPES);

export const checkVmSize = (type = ""): { readonly cpu: string; readonly memory: string } =>
  TYPES[type] ?? notCovered(`the machine ${type}; it has ${Object.keys(TYPES).join(", ")}`);

/** The newest node image of each system, whatever the Kubernetes version: AKS builds them every week. */
const NEWEST: Readonly<Record<string, string>> = {
  Ubuntu2204: "AKSUbuntu-2204gen2containerd-202610.20.0",
  AzureLinux3: "AKSAzureLinux-V3gen2-202610.20.0",
};

export const newestImage = (osSKU = "Ubuntu2204"): string =>
  NEWEST[osSKU] ?? notCovered(`the operating system ${osSKU}`);

const minorText = (version: string): string => version.split(".").slice(0, 2).join(".");

/** A minor alone means its newest patch (learn.microsoft.com/azure/aks/supported-kubernetes-versions, alias). */
export const resolveVersion = (wanted: string): string => {
  const minor = minorText(wanted);
  if (!runnableMinors().includes(minor)) notCovered(`Kubernetes ${wanted}`);
  const exact = exactVersion(minor);
  return wanted === minor || wanted === exact ? exact : notCovered(`the patch ${wanted}; it has ${exact}`);
};

export const raiseCluster = (
  { name, version }: Pick<ClusterRecord, "name" | "version">,
  signal: AbortSignal,
): Promise<void> => raiseLab(name, { version }, signal);

export const razeCluster = razeLab;

const TAINT = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/;

const labTaint = (text: string): LabTaint => {
  const [, key, value = "", effect] = TAINT.exec(text) ?? [];
  if (key === undefined || effect === undefined) return notCovered(`the taint ${text}`);
  return { key, effect: effect as LabTaint["effect"], ...(value === "" ? {} : { value }) };
};

export const GENERATION = "changeover.dev/generation";

/** The pool that a program's cluster is born with has no machines here: it is only there for the cluster. */
const BIRTH = "birth";

const machinesOf = (pool: PoolRecord): Machines => ({
  lab: pool.cluster,
  labels: pool.properties.nodeLabels ?? {},
  ...(pool.name === BIRTH ? {} : { name: pool.name }),
});

const taintsOf = ({ properties }: PoolRecord): LabTaint[] => (properties.nodeTaints ?? []).map(labTaint);

/** Makes or finishes the machines of a pool, with the labels and ids that AKS gives its nodes. */
export const raisePool = async (
  pool: PoolRecord,
  place: { readonly subscription: string; readonly location: string },
  signal: AbortSignal,
): Promise<void> => {
  const { vmSize: machine, availabilityZones = [], count = 1, mode = "User" } = pool.properties;
  const zones = availabilityZones.map(zone => `${place.location}-${zone}`);
  const own = {
    "kubernetes.azure.com/agentpool": pool.name,
    "kubernetes.azure.com/mode": mode.toLowerCase(),
    "kubernetes.azure.com/node-image-version": pool.nodeImageVersion,
    "topology.kubernetes.io/region": place.location,
  };
  const providerId = `azure:///subscriptions/${place.subscription}/vmss/aks-${pool.name}-{id}`;
  const dress = { ...checkVmSize(machine), providerId };
  const made = { version: pool.version, zones, taints: taintsOf(pool), start: count, machine, dress };
  await raiseMachines({ ...machinesOf(pool), own }, made, signal);
};

/** `before` = what the pool was: its nodes lose the taints that it has no more, and get the labels it has now. */
export const settlePool = async (
  pool: PoolRecord,
  before: PoolProperties,
  signal: AbortSignal,
): Promise<void> => {
  const { count = 0, nodeTaints = [], nodeLabels: labels = {} } = pool.properties;
  await settleMachines(machinesOf(pool), { desired: count, taints: taintsOf(pool) }, signal);
  const lost = (before.nodeTaints ?? []).filter(taint => !nodeTaints.includes(taint)).map(labTaint);
  const isLabelled = isDeepStrictEqual(before.nodeLabels ?? {}, labels);
  if (lost.length === 0 && isLabelled) return;
  const kept = ({ taints }: Pick<NodeView, "taints">) =>
    taints.filter(({ key }) => !lost.some(taint => taint.key === key));
  const names = await nodesIn(machinesOf(pool), signal);
  await withLabKube(pool.cluster, kube =>
    Promise.all(
      names.map(name => patchNode(kube, name, node => ({ labels, taints: kept(node) }), { signal })),
    ),
  );
};

export const razePool = (pool: PoolRecord, signal: AbortSignal): Promise<void> =>
  razeMachines(machinesOf(pool), signal);

/** A machine of AKS is called as its node. */
export const listMachines = (pool: PoolRecord, signal: AbortSignal): Promise<readonly string[]> =>
  nodesIn(machinesOf(pool), signal);

export const endMachines = (pool: PoolRecord, names: readonly string[], signal: AbortSignal): Promise<void> =>
  endNodes(machinesOf(pool), names, signal);
