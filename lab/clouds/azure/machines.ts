import { exactVersion, runnableMinors } from "../../../controlplane";
import { patchNode } from "../../../kube";
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
import type { ClusterRecord, PoolRecord } from "./state";

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
): Promise<void> => raiseLab(name, version, signal);

export const razeCluster = razeLab;

const TAINT = /^([^=:]+)(?:=([^:]*))?:(NoSchedule|PreferNoSchedule|NoExecute)$/;

const labTaint = (text: string): LabTaint => {
  const [, key, value = "", effect] = TAINT.exec(text) ?? [];
  if (key === undefined || effect === undefined) return notCovered(`the taint ${text}`);
  return { key, effect: effect as LabTaint["effect"], ...(value === "" ? {} : { value }) };
};

export const GENERATION = "changeover.dev/generation";

/** A pool without that label has no machines here: it was only there for the cluster. */
const isGeneration = ({ properties }: Pick<PoolRecord, "properties">): boolean =>
  properties.nodeLabels?.[GENERATION] !== undefined;

const machinesOf = (pool: PoolRecord): Machines => ({
  lab: pool.cluster,
  labels: pool.properties.nodeLabels ?? {},
  ...(isGeneration(pool) ? { name: pool.name } : {}),
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

/** `before` = taints that the pool had: its nodes lose those that it has no more. */
export const settlePool = async (
  pool: PoolRecord,
  before: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  const { count = 0, nodeTaints = [] } = pool.properties;
  await settleMachines(machinesOf(pool), { desired: count, taints: taintsOf(pool) }, signal);
  const lost = before.filter(taint => !nodeTaints.includes(taint)).map(labTaint);
  if (lost.length === 0) return;
  const names = await nodesIn(machinesOf(pool), signal);
  await withLabKube(pool.cluster, kube =>
    Promise.all(
      names.map(name =>
        patchNode(
          kube,
          name,
          node => ({ taints: node.taints.filter(({ key }) => !lost.some(taint => taint.key === key)) }),
          { signal },
        ),
      ),
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
