import {
  type Collection,
  collectionPath,
  type Identified,
  KINDS,
  nodePath,
  type PodView,
  projectPod,
  startReflector,
} from "../../../../kube";
import type { DrainProgress } from "../../../../core/drain/describe";
import type { Transition } from "../../../../core/drain/transitions";
import type { DrainOutcome, DrainRequest } from "../../../../operations/drain/drainNodes";
import { type Arena, closeArena, openArena, openGreen, podsOf, readRawNode, until } from "../arena";
import { drain, type DrainTools } from "./benchDrain";
import type { Site } from "./benchSites";

/** A case in an arena of its own, which is closed after it. */
export const inArena =
  (name: string, blue: number, act: (arena: Arena) => Promise<void>) =>
  async (site: Site): Promise<void> => {
    const arena = await openArena(site.kube, name, blue);
    try {
      await act(arena);
    } finally {
      await closeArena(arena);
    }
  };

export const isBlue = ({ node }: PodView): boolean => node?.includes("-blue-") === true;

/** Waits until every pod is Ready on blue, then opens nodes that can take them. */
export const stage = async (arena: Arena, pods: number, green = 1): Promise<Arena> => {
  await untilRunning(arena, pods);
  return openRoom(arena, green);
};

/** Nodes that can take pods: Ready, and the node controller has taken its marks off them. */
export const openRoom = async (arena: Arena, green: number): Promise<Arena> => {
  const opened = await openGreen(arena, green);
  for (const name of opened.green)
    await until(`an open node ${name}`, async () =>
      (await readRawNode(arena.kube, name)).spec.taints === undefined ? true : undefined,
    );
  return opened;
};

const isWell = (pod: PodView): boolean => pod.ready && pod.deletionTimestamp === undefined;

export const untilRunning = (arena: Arena, count: number): Promise<readonly PodView[]> =>
  until(`${count} ready pods in ${arena.name}`, async () => {
    const pods = (await podsOf(arena)).filter(isWell);
    return pods.length >= count ? pods : undefined;
  });

/** A drain under way, and all that was heard of it so far. */
export interface Running {
  readonly outcome: Promise<DrainOutcome>;
  readonly lines: readonly string[];
  readonly progress: readonly DrainProgress[];
  readonly transitions: readonly Transition[];
  readonly ended: () => boolean;
}

export const startDrain = (
  arena: Arena,
  request: Partial<DrainRequest> = {},
  tools: DrainTools = {},
): Running => {
  const lines: string[] = [];
  const progress: DrainProgress[] = [];
  const transitions: Transition[] = [];
  let ended = false;
  const outcome = drain(arena, request, {
    log: line => lines.push(line),
    progress: seen => progress.push(seen),
    onTransition: moved => transitions.push(moved),
    ...tools,
  }).finally(() => (ended = true));
  return { outcome, lines, progress, transitions, ended: () => ended };
};

/** Two words, which come two seconds apart, that nothing is left to move: longer than the quiet time of these drains. */
export const untilOnlyWaiting = ({ progress }: Running): Promise<true> =>
  until("a drain that only waits", () =>
    progress.filter(({ remaining }) => remaining === 0).length >= 2 ? true : undefined,
  );

export interface Sighting<T> {
  /** Milliseconds, by the clock of the test. */
  readonly at: number;
  readonly gone: boolean;
  readonly object: T;
}

/** Everything that was seen of a kind in one namespace, in order. */
export interface Tape<T> {
  readonly seen: readonly Sighting<T>[];
  readonly stop: () => void;
}

export interface Subject<T> {
  readonly kind: Collection;
  readonly project: (raw: unknown) => T;
}

export const startTape = async <T extends Identified>(
  { kube, name }: Arena,
  { kind, project }: Subject<T>,
): Promise<Tape<T>> => {
  const seen: Sighting<T>[] = [];
  const stop = new AbortController();
  const path = collectionPath(kind, name);
  const reflector = startReflector(kube, { path, project, signal: stop.signal });
  reflector.onChange(change =>
    seen.push({ at: Date.now(), gone: change.kind === "gone", object: change.object }),
  );
  await reflector.synced;
  return { seen, stop: () => stop.abort() };
};

export const tapePods = (arena: Arena): Promise<Tape<PodView>> =>
  startTape(arena, { kind: KINDS.pods, project: projectPod });

const isOf = (app: string | undefined, { labels }: PodView): boolean =>
  app === undefined || labels["app"] === app;

/** The first sighting of each pod's end. */
export const endingsOn = ({ seen }: Tape<PodView>, app?: string): readonly Sighting<PodView>[] => {
  const first = new Map<string, Sighting<PodView>>();
  for (const sighting of seen) {
    const { gone, object } = sighting;
    if (!isOf(app, object) || (!gone && object.deletionTimestamp === undefined)) continue;
    if (!first.has(object.uid)) first.set(object.uid, sighting);
  }
  return [...first.values()];
};

/** How many pods of the app there ever were. */
export const birthsOn = ({ seen }: Tape<PodView>, app: string): number =>
  new Set(seen.filter(({ object }) => isOf(app, object)).map(({ object }) => object.uid)).size;

/** Each pod of the app that there ever was, by its name and the colour of its last node, sorted. */
export const livesOn = ({ seen }: Tape<PodView>, app: string): readonly string[] => {
  const pods = new Map(seen.flatMap(({ object }) => (isOf(app, object) ? [[object.uid, object]] : [])));
  return [...pods.values()].map(({ name, node }) => `${name} ${node?.split("-").at(-2) ?? "nowhere"}`).sort();
};

/** The fewest pods of the app that were Ready at a time, from the first sight of them all on. */
export const fewestOn = ({ seen }: Tape<PodView>, app: string, all: number): number => {
  const well = new Set<string>();
  let fewest = Infinity;
  let complete = false;
  for (const { gone, object } of seen) {
    if (!isOf(app, object)) continue;
    if (gone || !isWell(object)) well.delete(object.uid);
    else well.add(object.uid);
    complete ||= well.size >= all;
    if (complete) fewest = Math.min(fewest, well.size);
  }
  return fewest;
};

export const namesOf = (pods: readonly PodView[]): readonly string[] => pods.map(({ name }) => name).sort();

export const appsOn = async (arena: Arena, holds: (pod: PodView) => boolean): Promise<readonly string[]> =>
  [...new Set((await podsOf(arena)).filter(holds).map(({ labels }) => labels["app"] ?? ""))].sort();

export const patchNodeRaw = ({ kube }: Arena, name: string, body: object): Promise<unknown> =>
  kube.request({ method: "PATCH", path: nodePath(name), body });

export const deleteNode = ({ kube }: Arena, name: string): Promise<unknown> =>
  kube.request({ method: "DELETE", path: nodePath(name) });
