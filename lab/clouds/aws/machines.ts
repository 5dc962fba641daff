import { exactVersion, runnableMinors } from "../../../controlplane";
import { destroyLab, ensureLab, type LabSpec } from "../../lab";
import {
  closeLabPool,
  deleteLabPool,
  ensureLabPool,
  openLabPool,
  readLabPool,
  releaseLabNode,
  resizeLabPool,
  setTemplateLabels,
  setTemplateTaints,
  type LabTaint,
} from "../../nodes";
import { nodesOf, withLabKube } from "../../pools/converge";
import { machineId } from "../../pools/node";
import { TYPES } from "./instanceTypes";
import { notCovered } from "./rules";
import type { ClusterRecord, GroupRecord, Taint } from "./state";

/*
 * What stands behind the API: a lab for each cluster, a lab's pool for each node group. The pool takes any size; bounds
 * are the API's own business.
 */

const ANY_SIZE = { min: 0, max: 1_000 };

export const checkInstanceType = (type: string): { readonly cpu: string; readonly memory: string } =>
  TYPES[type] ?? notCovered(`the instance type ${type}; it has ${Object.keys(TYPES).join(", ")}`);

export const labVersion = (minor: string): string =>
  runnableMinors().includes(minor) ? exactVersion(minor) : notCovered(`Kubernetes ${minor}`);

const bringTo = async (spec: LabSpec, signal: AbortSignal): Promise<void> => {
  await ensureLab(spec, { progress: () => undefined, signal });
};

export const raiseCluster = ({ name, version }: ClusterRecord, signal: AbortSignal): Promise<void> =>
  bringTo({ name, version: labVersion(version) }, signal);

/** One minor back. */
export const takeClusterBack = ({ name, version }: ClusterRecord, signal: AbortSignal): Promise<void> =>
  bringTo({ name, version: labVersion(version), takeBack: true }, signal);

export const razeCluster = (name: string): Promise<void> => destroyLab(name);

const EFFECTS: Readonly<Record<string, LabTaint["effect"]>> = {
  NO_SCHEDULE: "NoSchedule",
  PREFER_NO_SCHEDULE: "PreferNoSchedule",
  NO_EXECUTE: "NoExecute",
};

const labTaint = ({ key, value, effect }: Taint): LabTaint => ({
  key,
  effect: EFFECTS[effect] ?? notCovered(`the taint effect ${effect}`),
  ...(value === undefined ? {} : { value }),
});

/** Subnets have no zone in this stand-in, so they get one by their order: a, b, c. */
const zonesOf = (group: GroupRecord, cluster: ClusterRecord, region: string): string[] =>
  group.subnets.map(subnet => `${region}${"abcdef"[cluster.subnets.indexOf(subnet)] ?? "a"}`).sort();

/** "1.35.4-20261105" is an image with kubelet 1.35.4; EKS adds its own build to what kubelets report. */
const kubeletOf = ({ releaseVersion, version }: GroupRecord): string =>
  `${/^(\d+\.\d+\.\d+)-/.exec(releaseVersion)?.[1] ?? `${version}.0`}-eks-standin`;

/** Makes or finishes the machines of a group, with the labels and ids that EKS gives its nodes. */
export const raiseGroup = async (
  group: GroupRecord,
  place: { readonly cluster: ClusterRecord; readonly region: string },
  signal: AbortSignal,
): Promise<void> => {
  const spec = {
    generation: group.name,
    pool: "",
    version: kubeletOf(group),
    size: ANY_SIZE,
    start: group.scaling.desiredSize,
    machine: group.instanceType,
    zones: zonesOf(group, place.cluster, place.region),
    labels: {
      ...group.labels,
      "eks.amazonaws.com/nodegroup": group.name,
      "eks.amazonaws.com/capacityType": "ON_DEMAND",
      "topology.kubernetes.io/region": place.region,
    },
    taints: group.taints.map(labTaint),
    dress: { ...checkInstanceType(group.instanceType), providerId: "aws:///{zone}/i-{id}" },
  };
  await ensureLabPool(group.cluster, spec, { signal });
};

/** Brings size, taints and closedness of the machines to what the group says. */
export const settleGroup = async (group: GroupRecord, signal: AbortSignal): Promise<void> => {
  const { cluster: lab, name: generation } = group;
  const options = { signal };
  const found = readLabPool(lab, generation);
  if (found === undefined) return;
  await setTemplateTaints(lab, { generation, taints: group.taints.map(labTaint) }, options);
  await setTemplateLabels(lab, { generation, labels: group.labels }, options);
  const closed = group.suspended.includes("Launch");
  const desired = closed ? Math.min(found.desired, group.scaling.desiredSize) : group.scaling.desiredSize;
  if (!closed && found.closed) await openLabPool(lab, generation, options);
  if (desired !== found.desired) await resizeLabPool(lab, { generation, desired }, options);
  if (closed && !found.closed) await closeLabPool(lab, generation, options);
};

export const razeGroup = (group: GroupRecord, signal: AbortSignal): Promise<void> =>
  deleteLabPool(group.cluster, group.name, { signal });

/** Instance ids of the group's machines, each with its node's name. */
export const instancesOf = async (
  group: GroupRecord,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, string>> => {
  const names = await withLabKube(group.cluster, kube => nodesOf(kube, group.name, signal));
  return new Map(names.map(name => [`i-${machineId(name)}`, name]));
};

export const endInstance = (group: GroupRecord, node: string, signal: AbortSignal): Promise<void> =>
  releaseLabNode(group.cluster, { generation: group.name, name: node }, { signal });
