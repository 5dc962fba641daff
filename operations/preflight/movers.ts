import type { BoundVolume, Wishes } from "../../core/drain/stranded";
import {
  collectionPath,
  KINDS,
  type KubeClient,
  listProjected,
  type PodView,
  projectPod,
  projectVolume,
  type VolumeView,
} from "../../kube";

const isThere = ({ phase }: PodView): boolean => phase === "Running" || phase === "Pending";

/** Pods that something makes again elsewhere when they are evicted, and that are meant to run on. */
export const isMover = ({ owner, mirror }: PodView): boolean =>
  owner !== undefined && !mirror && !["DaemonSet", "Job", "Node"].includes(owner.kind);

/** Those that have a node, or want one. */
export const listPods = async (kube: KubeClient, signal: AbortSignal): Promise<readonly PodView[]> => {
  const call = { path: collectionPath(KINDS.pods), project: projectPod, signal };
  return (await listProjected(kube, call)).items.filter(isThere);
};

/** Read only where pods have some. */
export const listVolumes = async (
  kube: KubeClient,
  pods: readonly PodView[],
  signal: AbortSignal,
): Promise<readonly VolumeView[]> => {
  if (pods.every(({ volumes }) => volumes.claims.length === 0)) return [];
  const call = { path: collectionPath(KINDS.volumes), project: projectVolume, signal };
  return (await listProjected(kube, call)).items;
};

/** By claim, "namespace/name". */
export type Volumes = ReadonlyMap<string, VolumeView>;

export const byClaim = (volumes: readonly VolumeView[]): Volumes =>
  new Map(volumes.flatMap(volume => (volume.claim === undefined ? [] : [[volume.claim, volume] as const])));

export const volumesOf = (
  { namespace, volumes: { claims } }: PodView,
  volumes: Volumes,
): readonly VolumeView[] => claims.flatMap(claim => volumes.get(`${namespace}/${claim}`) ?? []);

/** Volumes on one node's own disk are the drain's matter. */
const bound = ({ claim, terms, local }: VolumeView): readonly BoundVolume[] =>
  claim === undefined || terms === undefined || local ? [] : [{ claim, terms }];

export const wishesOf = (pod: PodView, volumes: Volumes): Wishes => {
  const { namespace, owner, node, nodeSelector, affinity, tolerations } = pod;
  return {
    workload: `${namespace}/${owner?.name ?? ""}`,
    ...{ node: node ?? "", nodeSelector, affinity, tolerations },
    volumes: volumesOf(pod, volumes).flatMap(bound),
  };
};
