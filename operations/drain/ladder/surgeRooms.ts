import type { CapacityNode } from "../../../core/drain/capacity";
import type { PodFact, WorkloadFact } from "../../../core/drain/facts";
import { podsOfWorkload } from "../../../core/drain/ladder/members";
import { type QuotaFact, quotaRoom, type QuotaUse } from "../../../core/drain/ladder/quota";
import { AMPLE, countFitting, scarcest, type SurgeRoom } from "../../../core/drain/ladder/surgeRoom";
import type { PlacedPod } from "../../../core/drain/placement";
import { isSelected } from "../../../core/drain/scope";
import type { DrainState } from "../../../core/drain/state";
import type { Survey } from "../../../core/drain/surveyed";
import { workloadKey } from "../../../core/drain/world";
import {
  collectionPath,
  isKubeError,
  KINDS,
  type KubeClient,
  listProjected,
  projectQuota,
  projectQuotaUse,
} from "../../../kube";
import { canTake } from "../capacity";
import { allocatableOf, placedPod, type Places, readPlaces } from "../places";

/** One look at the cluster. */
interface Look {
  readonly state: DrainState;
  readonly survey: Pick<Survey, "blue">;
}

/** Says how many more pods there can be, by the nodes and by the quotas of the namespace. */
export interface SurgeRooms {
  /** Notes which nodes take pods, when the first round is played. */
  readonly begin: (state: DrainState) => void;
  /** What is found is kept for the workload for a moment, so that two waves don't count on the same place. */
  readonly ask: (look: Look, workload: WorkloadFact, wanted: number) => Promise<SurgeRoom>;
}

export interface RoomPorts {
  readonly kube: KubeClient;
  readonly now: () => number;
  /** A proof said that all of blue fits elsewhere at the same time. It holds while the nodes are still there. */
  readonly proven: boolean;
}

interface Reserved {
  readonly at: number;
  readonly workload: string;
  readonly namespace: string;
  readonly pods: number;
  /** Absent where the nodes were not asked. */
  readonly like?: PlacedPod;
}

interface Live extends RoomPorts {
  takers: ReadonlySet<string> | undefined;
  reading: { readonly at: number; readonly places: Promise<Places> } | undefined;
  reserved: readonly Reserved[];
  turn: Promise<unknown>;
}

/** Reading every pod is dear: several workloads share one reading. */
const FRESH_MS = 5_000;
/** Pods that were asked for show in the cluster after less than this. */
const RESERVED_MS = 10_000;

const takersOf = ({ world, spec }: DrainState): ReadonlySet<string> =>
  new Set(
    [...world.nodes.values()]
      .filter(node => node.ready && !node.cordoned && !isSelected(node, spec.nodes))
      .map(({ name }) => name),
  );

const isStillProven = ({ proven, takers }: Live, state: DrainState): boolean => {
  if (!proven || takers === undefined) return false;
  const present = takersOf(state);
  return [...takers].every(name => present.has(name));
};

const modelOf = ({ state, survey }: Look, workload: WorkloadFact): PodFact | undefined =>
  podsOfWorkload(workload, state.world).find(
    ({ node, deletingSince }) => node !== undefined && deletingSince === undefined && survey.blue.has(node),
  );

const placesNow = (live: Live): Promise<Places> => {
  const now = live.now();
  if (live.reading !== undefined && now - live.reading.at < FRESH_MS) return live.reading.places;
  const places = readPlaces(live.kube, undefined);
  live.reading = { at: now, places };
  places.catch(() => (live.reading = undefined));
  return places;
};

type Read = (view: Places["nodes"][number]) => CapacityNode;

const nodeReader = (places: Places): Read => {
  const live = places.pods.filter(({ phase }) => phase !== "Succeeded" && phase !== "Failed");
  const byNode = Map.groupBy(live, ({ node }) => node ?? "");
  return node => ({
    name: node.name,
    labels: node.labels,
    taints: node.taints,
    allocatable: allocatableOf(node, places),
    occupants: (byNode.get(node.name) ?? []).map(pod => placedPod(pod, places)),
  });
};

const waitingIn = (places: Places): readonly PlacedPod[] =>
  places.pods
    .filter(pod => pod.node === undefined && pod.unschedulable === undefined && pod.phase === "Pending")
    .map(pod => placedPod(pod, places));

const reservedPods = ({ reserved }: Live): readonly PlacedPod[] =>
  reserved.flatMap(({ like, pods }) => (like === undefined ? [] : Array.from({ length: pods }, () => like)));

const NO_ROOM: SurgeRoom = {
  pods: 0,
  code: "NO_ROOM",
  why: "green has no room for a successor beside its predecessor",
};

interface Found {
  readonly room: SurgeRoom;
  readonly like?: PlacedPod;
}

/** Blue nodes stay as they are while the successors come: their pods still count for affinity and spread. */
const nodesRoom = async (live: Live, model: PodFact, wanted: number): Promise<Found> => {
  const places = await placesNow(live);
  const view = places.pods.find(({ uid }) => uid === model.uid);
  if (view === undefined) return { room: NO_ROOM };
  const like = placedPod(view, places);
  const read = nodeReader(places);
  const pods = countFitting({
    like,
    wanted,
    waiting: [...waitingIn(places), ...reservedPods(live)],
    nodes: places.nodes.filter(canTake).map(read),
    bystanders: places.nodes.filter(node => !canTake(node)).map(read),
  });
  return { room: { ...NO_ROOM, pods }, like };
};

const useOf = async (live: Live, { namespace, name, uid }: PodFact): Promise<QuotaUse | undefined> => {
  const { items } = await listProjected(live.kube, {
    path: collectionPath(KINDS.pods, namespace),
    query: { fieldSelector: `metadata.name=${name}` },
    project: projectQuotaUse,
  });
  const found = items.find(item => item.uid === uid);
  if (found === undefined) return undefined;
  const { takes, bestEffort, hasAffinity, priorityClass } = found;
  return { takes, bestEffort, hasAffinity, ...(priorityClass === undefined ? {} : { priorityClass }) };
};

const quotasOf = async ({ kube }: Live, namespace: string): Promise<readonly QuotaFact[]> => {
  const path = collectionPath(KINDS.quotas, namespace);
  try {
    return (await listProjected(kube, { path, project: projectQuota })).items;
  } catch (error) {
    if (isKubeError(error, "forbidden", "notFound")) return [];
    throw error;
  }
};

const quotasRoom = async (live: Live, model: PodFact): Promise<SurgeRoom> => {
  const quotas = await quotasOf(live, model.namespace);
  const use = quotas.length === 0 ? undefined : await useOf(live, model);
  if (use === undefined) return AMPLE;
  const ahead = live.reserved
    .filter(({ namespace }) => namespace === model.namespace)
    .reduce((sum, { pods }) => sum + pods, 0);
  return quotaRoom(quotas, use, ahead);
};

interface Asked {
  readonly look: Look;
  readonly workload: WorkloadFact;
  readonly wanted: number;
}

/** The pods of its own former wave stand where they are by now: they must be seen there. */
const forgetOld = (live: Live, workload: string, now: number): void => {
  const own = live.reserved.filter(entry => entry.workload === workload);
  if (own.some(({ at }) => at >= (live.reading?.at ?? now))) live.reading = undefined;
  live.reserved = live.reserved.filter(entry => now - entry.at < RESERVED_MS && !own.includes(entry));
};

const answer = async (live: Live, { look, workload, wanted }: Asked): Promise<SurgeRoom> => {
  const model = modelOf(look, workload);
  if (model === undefined) return AMPLE;
  const key = workloadKey(workload);
  const now = live.now();
  forgetOld(live, key, now);
  const byQuota = await quotasRoom(live, model);
  const most = Math.min(wanted, byQuota.pods);
  const byNodes: Found =
    most < 1 || isStillProven(live, look.state) ? { room: AMPLE } : await nodesRoom(live, model, most);
  const room = scarcest([byQuota, byNodes.room]);
  const { like } = byNodes;
  const entry = { at: now, workload: key, namespace: workload.namespace, pods: Math.min(wanted, room.pods) };
  live.reserved = [...live.reserved, { ...entry, ...(like === undefined ? {} : { like }) }];
  return room;
};

export const openSurgeRooms = (ports: RoomPorts): SurgeRooms => {
  const live: Live = {
    ...ports,
    takers: undefined,
    reading: undefined,
    reserved: [],
    turn: Promise.resolve(),
  };
  return {
    begin: state => {
      live.takers = takersOf(state);
    },
    ask: (look, workload, wanted) => {
      const mine = live.turn.then(() => answer(live, { look, workload, wanted }));
      live.turn = mine.catch(() => undefined);
      return mine;
    },
  };
};
