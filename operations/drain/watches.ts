import type { Change, ChangedObject, NodeFact, PodFact } from "../../core/drain/facts";
import { NAMES } from "../../core/identity/names";
import {
  type Change as CacheChange,
  collectionPath,
  type Identified,
  KINDS,
  type KubeClient,
  likeSiblings,
  type Reflector,
  startReflector,
} from "../../kube";
import { watchAttachments } from "./attachments";
import { type OptionalWatch, watchIfAllowed } from "./optionalWatch";
import {
  type Cached,
  readBudgetFact,
  readDaemonSetFact,
  readNodeFact,
  readPodFact,
  readVolumeFact,
  readWorkloadFact,
} from "./facts";

/** The cluster as watches bring it: one cache a kind, and every change in order. */
export interface Watches {
  readonly synced: Promise<void>;
  readonly pods: ReadonlyMap<string, Cached<PodFact>>;
  nodes(): readonly (Cached<NodeFact> & { readonly prior?: string })[];
  /** The reason to stop, while somebody has written one. */
  stopReason(): string | undefined;
  /** The watch that has not been fed for too long, in words. */
  stale(): string | undefined;
  /** Seconds without a word, by watch; 0 while it is fed. */
  lag(): ReadonlyMap<string, number>;
}

const STALE_MS = 20_000;

const WORKLOADS = [
  ["Deployment", KINDS.deployments],
  ["ReplicaSet", KINDS.replicaSets],
  ["StatefulSet", KINDS.statefulSets],
  ["Job", KINDS.jobs],
] as const;

type Kind = Exclude<ChangedObject["kind"], "attachment">;

const changeOf = <T extends Identified>(kind: Kind, change: CacheChange<T>): Change =>
  change.kind === "gone"
    ? { type: "gone", kind, uid: change.object.uid }
    : { type: "set", object: { kind, fact: change.object } as unknown as ChangedObject };

interface Control extends Identified {
  readonly stop: string | undefined;
}

const readControl = (raw: unknown): Control => {
  const { metadata = {}, data = {} } = raw as {
    metadata?: { uid?: string; name?: string; namespace?: string; resourceVersion?: string };
    data?: Readonly<Record<string, string>>;
  };
  const { uid = "", name = "", namespace = "", resourceVersion = "" } = metadata;
  return { uid, name, namespace, resourceVersion, stop: data[NAMES.stopKey] };
};

const watchControl = (kube: KubeClient, signal: AbortSignal): Reflector<Control> =>
  startReflector(kube, {
    path: collectionPath(KINDS.configMaps, NAMES.namespace),
    query: { fieldSelector: `metadata.name=${NAMES.control}` },
    project: readControl,
    signal,
  });

interface Fed {
  readonly name: string;
  readonly reflector: Pick<Reflector<Identified>, "synced" | "stale" | "problem">;
}

const lagOf = ({ problem, stale }: Fed["reflector"]): number =>
  problem() === undefined ? 0 : stale() / 1000;

const describeStale = ({ name, reflector }: Fed): string | undefined => {
  const problem = reflector.problem();
  if (problem === undefined || reflector.stale() < STALE_MS) return undefined;
  return `no word about ${name} for ${Math.round(reflector.stale() / 1000)} s (${problem.message})`;
};

const listenTo = (fed: readonly Fed[]): Pick<Watches, "synced" | "stale" | "lag"> => ({
  synced: Promise.all(fed.map(({ reflector }) => reflector.synced)).then(() => undefined),
  stale: () => fed.map(describeStale).find(text => text !== undefined),
  lag: () => new Map(fed.map(({ name, reflector }) => [name, lagOf(reflector)])),
});

const fedBy = <T extends Identified>(
  name: string,
  { reflector, listed, problem }: OptionalWatch<T>,
): Fed => ({
  name,
  reflector: { synced: listed.then(() => undefined), stale: () => reflector.stale(), problem },
});

/** What a drain knows better with and can do without. */
const watchExtras = (
  kube: KubeClient,
  onChange: (change: Change) => void,
  signal: AbortSignal,
): readonly Fed[] => {
  const volumes = watchIfAllowed(kube, {
    path: collectionPath(KINDS.volumes),
    project: readVolumeFact,
    signal,
  });
  volumes.reflector.onChange(change => onChange(changeOf("volume", change)));
  const attachments = watchAttachments(kube, volumes.reflector, { onChange, signal });
  const daemons = watchIfAllowed(kube, {
    path: collectionPath(KINDS.daemonSets),
    project: readDaemonSetFact,
    signal,
  });
  daemons.reflector.onChange(change => onChange(changeOf("daemonSet", change)));
  const listed = daemons.listed.then(all => {
    if (all) onChange({ type: "listed", kind: "daemonSet" });
    return all;
  });
  return [
    fedBy("volumes", volumes),
    fedBy("volume attachments", attachments),
    fedBy("DaemonSets", { ...daemons, listed }),
  ];
};

/** Starts every watch a drain needs. `onChange` hears what concerns the engine, `onControl` that the stop switch moved. */
export const startWatches = (
  kube: KubeClient,
  hooks: { readonly onChange: (change: Change) => void; readonly onControl: () => void },
  signal: AbortSignal,
): Watches => {
  const watch = <T extends Identified>(
    path: string,
    kind: Kind,
    project: (raw: unknown) => T,
  ): Reflector<T> => {
    const reflector = startReflector(kube, { path, project, signal });
    reflector.onChange(change => hooks.onChange(changeOf(kind, change)));
    return reflector;
  };
  const workloads = WORKLOADS.map(([kind, collection]) => ({
    name: collection.plural,
    reflector: watch(collectionPath(collection), "workload", readWorkloadFact(kind)),
  }));
  const budgets = watch(collectionPath(KINDS.budgets), "budget", readBudgetFact);
  const nodes = watch(collectionPath(KINDS.nodes), "node", readNodeFact);
  const pods = watch(collectionPath(KINDS.pods), "pod", likeSiblings(readPodFact));
  const extras = watchExtras(kube, hooks.onChange, signal);
  const control = watchControl(kube, signal);
  control.onChange(hooks.onControl);
  const fed: readonly Fed[] = [
    ...workloads,
    { name: "budgets", reflector: budgets },
    { name: "nodes", reflector: nodes },
    { name: "pods", reflector: pods },
    ...extras,
    { name: "the stop switch", reflector: control },
  ];
  return {
    pods: pods.snapshot(),
    nodes: () => [...nodes.snapshot().values()],
    stopReason: () => [...control.snapshot().values()].find(({ stop }) => stop !== undefined)?.stop,
    ...listenTo(fed),
  };
};
