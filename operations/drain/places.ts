import type { Amounts, PlacedPod, PlacedVolume } from "../../core/drain/placement";
import {
  collectionPath,
  type Collection,
  type CsiNodeView,
  isKubeError,
  KINDS,
  type KubeClient,
  likeSiblings,
  listProjected,
  type NodeView,
  type PodView,
  projectCsiNode,
  projectNode,
  projectPod,
  projectVolume,
  type Resources,
  type VolumeView,
} from "../../kube";

/** Who stands where, and which volumes tie them, as read in one go. */
export interface Places {
  readonly nodes: readonly NodeView[];
  readonly pods: readonly PodView[];
  /** By claim, `namespace/name`. */
  readonly volumes: ReadonlyMap<string, VolumeView>;
  /** How many volumes of each driver a node holds, by node. */
  readonly limits: ReadonlyMap<string, CsiNodeView["limits"]>;
  /** Kinds that this identity may not read. */
  readonly unread: readonly string[];
}

export interface ListWish<T> {
  readonly kind: Collection;
  readonly project: (raw: unknown) => T;
}

/** All objects of a kind. */
export const listKind = async <T>(
  kube: KubeClient,
  { kind, project }: ListWish<T>,
  signal: AbortSignal | undefined,
): Promise<readonly T[]> =>
  (await listProjected(kube, { path: collectionPath(kind), project, signal })).items;

/** Undefined when this identity may not list the kind, or the server does not serve it. */
export const listIfAllowed = async <T>(
  kube: KubeClient,
  wish: ListWish<T>,
  signal: AbortSignal | undefined,
): Promise<readonly T[] | undefined> => {
  try {
    return await listKind(kube, wish, signal);
  } catch (error) {
    if (isKubeError(error, "forbidden") || isKubeError(error, "notFound")) return undefined;
    throw error;
  }
};

const byClaim = (volumes: readonly VolumeView[]): ReadonlyMap<string, VolumeView> =>
  new Map(volumes.flatMap(volume => (volume.claim === undefined ? [] : [[volume.claim, volume] as const])));

type Storage = Pick<Places, "volumes" | "limits" | "unread">;

const NO_STORAGE: Storage = { volumes: new Map(), limits: new Map(), unread: [] };

const readStorage = async (kube: KubeClient, signal: AbortSignal | undefined): Promise<Storage> => {
  const [volumes, csiNodes] = await Promise.all([
    listIfAllowed(kube, { kind: KINDS.volumes, project: projectVolume }, signal),
    listIfAllowed(kube, { kind: KINDS.csiNodes, project: projectCsiNode }, signal),
  ]);
  return {
    volumes: byClaim(volumes ?? []),
    limits: new Map((csiNodes ?? []).map(({ name, limits }) => [name, limits])),
    unread: [
      ...(volumes === undefined ? [KINDS.volumes.plural] : []),
      ...(csiNodes === undefined ? [KINDS.csiNodes.plural] : []),
    ],
  };
};

/** Volumes are read only where pods have some. */
export const readPlaces = async (kube: KubeClient, signal: AbortSignal | undefined): Promise<Places> => {
  const [nodes, pods] = await Promise.all([
    listKind(kube, { kind: KINDS.nodes, project: projectNode }, signal),
    listKind(kube, { kind: KINDS.pods, project: likeSiblings(projectPod) }, signal),
  ]);
  const hasClaims = pods.some(({ volumes }) => volumes.claims.length > 0);
  return { nodes, pods, ...(hasClaims ? await readStorage(kube, signal) : NO_STORAGE) };
};

const amountsOf = ({ cpuMillis, memoryBytes, other }: Resources): Amounts => ({
  ...other,
  cpu: cpuMillis,
  memory: memoryBytes,
});

const attachments = (driver: string): string => `attachments of ${driver}`;

const boundVolumes = (pod: PodView, { volumes }: Places): readonly VolumeView[] =>
  pod.volumes.claims.flatMap(claim => volumes.get(`${pod.namespace}/${claim}`) ?? []);

/** A volume that several pods may share is attached once a node, however many use it there: it is not counted. */
const attachmentsOf = (volumes: readonly VolumeView[]): Amounts => {
  const asked: Record<string, number> = {};
  for (const { driver, exclusive } of volumes) {
    if (driver === undefined || !exclusive) continue;
    asked[attachments(driver)] = (asked[attachments(driver)] ?? 0) + 1;
  }
  return asked;
};

const placedVolumes = (pod: PodView, { volumes }: Places): readonly PlacedVolume[] =>
  pod.volumes.claims.flatMap(claim => {
    const volume = volumes.get(`${pod.namespace}/${claim}`);
    if (volume === undefined) return [];
    return [{ claim, ...(volume.terms === undefined ? {} : { terms: volume.terms }) }];
  });

export const placedPod = (pod: PodView, places: Places): PlacedPod => ({
  namespace: pod.namespace,
  name: pod.name,
  labels: pod.labels,
  tolerations: pod.tolerations,
  nodeSelector: pod.nodeSelector,
  affinity: pod.affinity,
  topologySpread: pod.topologySpread,
  hostPorts: pod.hostPorts,
  schedulerName: pod.schedulerName,
  devices: pod.devices,
  requests: { ...amountsOf(pod.requests), ...attachmentsOf(boundVolumes(pod, places)), pods: 1 },
  claims: pod.volumes.claims,
  volumes: placedVolumes(pod, places),
});

/** A driver that names no limit on a node is taken to have none there. */
export const allocatableOf = (node: NodeView, { volumes, limits }: Places): Amounts => {
  const drivers = new Set([...volumes.values()].flatMap(({ driver }) => driver ?? []));
  const known = limits.get(node.name) ?? {};
  const room = [...drivers].map(driver => [attachments(driver), known[driver] ?? Infinity] as const);
  return { ...amountsOf(node.allocatable), ...Object.fromEntries(room) };
};
