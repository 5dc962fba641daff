import { FORCE_DEFAULTS, type ForceRules } from "../../../../core/drain/ladder/rules";
import { LADDER_ANNOTATION } from "../../../../core/drain/ladder/names";
import { KINDS, type PodView, projectWorkload, type WorkloadView } from "../../../../kube";
import type { DrainOutcome } from "../../../../operations/drain/drainNodes";
import { surgedBy } from "../../../support/surgeMarks";
import {
  type Arena,
  closeArena,
  createBudget,
  openArena,
  podsOf,
  readRawNode,
  until,
  untilCounted,
} from "../arena";
import { once, type Site } from "./benchSites";
import {
  type AppWish,
  autoscalerPath,
  changeDeployment,
  installKeda,
  putApp,
  putAutoscaler,
  putScaledObject,
  scaledObjectPath,
} from "./ladderApps";
import {
  isBlue,
  openRoom,
  patchNodeRaw,
  startDrain,
  startTape,
  type Tape,
  tapePods,
  untilRunning,
} from "./scene";

/** One run with a ladder over workloads that no eviction moves. */
export interface LadderStory {
  readonly startedAt: number;
  readonly outcome: DrainOutcome;
  readonly lines: readonly string[];
  readonly deployments: Tape<WorkloadView>;
  readonly pods: Tape<PodView>;
  /** Apps with pods left on blue. */
  readonly left: readonly string[];
  /** Each force of the budget of `forced`, as the nodes have it on record. */
  readonly forcedAt: readonly number[];
  /** `Kind name` of each object that an Event of a force is about. */
  readonly forceEvents: readonly string[];
  /** Minimum of each autoscaler: at its highest, and after the run. */
  readonly minimums: Readonly<Record<"autoscaler" | "keda", readonly [number, number]>>;
}

/** Short, so that one run shows them all; told apart by which of them is the last to let go. */
export const FORCE: ForceRules = {
  ...FORCE_DEFAULTS,
  afterSeconds: 3,
  minPodAgeSeconds: 8,
  minHealthySiblingAgeSeconds: 10,
  minUnhealthySiblingAgeSeconds: 10,
  everySeconds: 14,
};

const rolling = (maxSurge: number | string): object => ({
  strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge, maxUnavailable: 1 } },
});

const surging = (name: string, more: Partial<AppWish> = {}): AppWish => ({
  ...{ name, replicas: 2, ladder: "surge", budget: { minAvailable: more.replicas ?? 2 } },
  ...more,
});

/** As a run that was killed leaves it. */
const KILLED = surgedBy({ run: "killed", rung: "surge", baseline: 2, surge: 3, at: Date.now() });

const FROZEN = { maxUnavailable: 0 };
const SLOW = { readyDelay: "3s" };

const appsFor = ({ name: arena }: Arena): readonly AppWish[] => [
  surging("number", { replicas: 3, spec: rolling(2) }),
  surging("share", { replicas: 3, spec: rolling("34%") }),
  surging("roomy", { replicas: 3, spec: rolling(9) }),
  surging("none", { spec: rolling(0) }),
  surging("recreate", { spec: { strategy: { type: "Recreate" } } }),
  surging("store", { kind: "statefulSets" }),
  surging("edited", SLOW),
  surging("zeroed", SLOW),
  surging("garbled", SLOW),
  surging("stuck", { pod: { nodeSelector: { arena, color: "blue" } } }),
  {
    ...surging("killed", { budget: { minAvailable: 2 } }),
    replicas: 3,
    marks: KILLED,
  },
  surging("autoscaled"),
  surging("keda"),
  surging("twice"),
  { name: "rolling", replicas: 3, ladder: "rollout-restart", budget: FROZEN, readyDelay: "4s" },
  { name: "forced", replicas: 2, ladder: "force", budget: FROZEN, pod: { terminationGracePeriodSeconds: 0 } },
  { name: "lately", replicas: 1, ladder: "force", budget: FROZEN },
];

const furnish = async (arena: Arena): Promise<number> => {
  await installKeda(arena);
  const apps = appsFor(arena);
  for (const app of apps) await putApp(arena, app);
  // While a rollout has one pod more, a single budget lets one go, however strict it is.
  await createBudget(arena, "rolling-too", FROZEN, "rolling");
  for (const name of ["autoscaled", "twice"]) await putAutoscaler(arena, name);
  for (const name of ["keda", "twice"]) await putScaledObject(arena, name);
  await untilRunning(
    arena,
    apps.reduce((sum, { replicas }) => sum + replicas, 0),
  );
  await untilCounted(arena, apps.length);
  return apps.length;
};

const isSurged = (tape: Tape<WorkloadView>, app: string): boolean =>
  tape.seen.some(
    ({ object: { name, annotations } }) => name === app && LADDER_ANNOTATION.surge in annotations,
  );

const untilSurged = (tape: Tape<WorkloadView>, app: string): Promise<true> =>
  until(`a surge of ${app}`, () => (isSurged(tape, app) ? true : undefined));

const tamper = (arena: Arena, app: string, baseline: unknown): Promise<unknown> => {
  const record = { run: "x", rung: "surge", baseline, surge: 3, at: Date.now() };
  return changeDeployment(arena, app, { metadata: surgedBy(record) });
};

const minimumOf = async (arena: Arena, path: string): Promise<number> => {
  const { spec } = await arena.kube.request<{ spec: { minReplicas?: number; minReplicaCount?: number } }>({
    method: "GET",
    path,
  });
  return spec.minReplicas ?? spec.minReplicaCount ?? 0;
};

const untilRaised = (arena: Arena, path: string): Promise<number> =>
  until(`a higher minimum at ${path}`, async () => {
    const minimum = await minimumOf(arena, path);
    return minimum > 2 ? minimum : undefined;
  });

/** Others who meddle with surges, and KEDA's operator, which is not there. */
const meddle = async (
  arena: Arena,
  tape: Tape<WorkloadView>,
): Promise<{ readonly autoscaler: number; readonly keda: number }> => {
  const paths = { autoscaler: autoscalerPath(arena, "autoscaled"), keda: scaledObjectPath(arena, "keda") };
  const edit = async (): Promise<unknown> => {
    await untilSurged(tape, "edited");
    return changeDeployment(arena, "edited", { spec: { replicas: 5 } });
  };
  const spoil = async (app: string, baseline: unknown): Promise<unknown> => {
    await untilSurged(tape, app);
    return tamper(arena, app, baseline);
  };
  const scale = async (): Promise<number> => {
    const minimum = await untilRaised(arena, paths.keda);
    await changeDeployment(arena, "keda", { spec: { replicas: minimum } });
    return minimum;
  };
  const [autoscaler, keda] = await Promise.all([
    untilRaised(arena, paths.autoscaler),
    scale(),
    edit(),
    spoil("zeroed", 0),
    spoil("garbled", "two"),
  ]);
  return { autoscaler, keda };
};

const forceEvents = async ({ kube, name }: Arena): Promise<readonly string[]> => {
  const { items } = await kube.request<{
    items: readonly { reason?: string; involvedObject: { kind: string; name: string } }[];
  }>({ method: "GET", path: `/api/v1/namespaces/${name}/events` });
  return items
    .filter(({ reason }) => reason === "DrainForced")
    .map(({ involvedObject }) => `${involvedObject.kind} ${involvedObject.name}`);
};

/** Each node has the last one only. */
const untilForcedTwice = (arena: Arena): Promise<readonly number[]> => {
  const times = new Set<number>();
  return until("two forces", async () => {
    for (const name of arena.blue) {
      const { annotations = {} } = (await readRawNode(arena.kube, name)).metadata;
      const record = JSON.parse(annotations[LADDER_ANNOTATION.forced] ?? "{}") as Record<string, number>;
      const at = record["pdb:ladder/forced"];
      if (at !== undefined) times.add(at);
    }
    return times.size >= 2 ? [...times].sort((a, b) => a - b) : undefined;
  });
};

/**
 * A rollout is half-way when blue is left: one new pod is Ready there, and the others will come elsewhere. One that is
 * not Ready could be evicted, as long as its budget is healthy.
 */
const startRollout = async (arena: Arena): Promise<void> => {
  const template = { metadata: { annotations: { "lab.test/version": "2" } } };
  await changeDeployment(arena, "rolling", { spec: { template } });
  await until("a Ready pod of the new template on blue", async () =>
    (await podsOf(arena)).find(pod => "lab.test/version" in pod.annotations && isBlue(pod) && pod.ready),
  );
};

/** Those that a rung frees, the slowest last. */
const LEAVING = [
  ...["number", "share", "roomy", "edited", "zeroed", "garbled", "killed"],
  ...["keda", "autoscaled", "rolling", "lately", "forced"],
];

const untilLeft = (arena: Arena, app: string): Promise<true> =>
  until(`the end of ${app} on blue`, async () =>
    (await podsOf(arena)).some(pod => pod.labels["app"] === app && isBlue(pod)) ? undefined : true,
  );

const runLadder = async (arena: Arena): Promise<LadderStory> => {
  const kind = { kind: KINDS.deployments, project: projectWorkload("Deployment") };
  const [deployments, pods] = await Promise.all([startTape(arena, kind), tapePods(arena)]);
  const startedAt = Date.now();
  const forced = JSON.stringify({ "pdb:ladder/lately": startedAt });
  const annotations = { [LADDER_ANNOTATION.forced]: forced };
  await patchNodeRaw(arena, arena.blue[0] ?? "", { metadata: { annotations } });
  const ladder = { force: FORCE };
  const running = startDrain(arena, { ladder, deadlineSeconds: 160 });
  const records = untilForcedTwice(arena);
  const { autoscaler, keda } = await meddle(arena, deployments);
  for (const app of LEAVING) await untilLeft(arena, app);
  const forcedAt = await records;
  const outcome = await running.outcome;
  const left = (await podsOf(arena)).filter(isBlue).map(({ labels }) => labels["app"] ?? "");
  deployments.stop();
  pods.stop();
  return {
    ...{ startedAt, outcome, lines: running.lines, deployments, pods, forcedAt },
    left: [...new Set(left)].sort(),
    forceEvents: await forceEvents(arena),
    minimums: {
      autoscaler: [autoscaler, await minimumOf(arena, autoscalerPath(arena, "autoscaled"))],
      keda: [keda, await minimumOf(arena, scaledObjectPath(arena, "keda"))],
    },
  };
};

export const ladderStory = once(async ({ kube }: Site): Promise<LadderStory> => {
  let arena = await openArena(kube, "ladder", 3);
  try {
    await furnish(arena);
    await startRollout(arena);
    arena = await openRoom(arena, 2);
    return await runLadder(arena);
  } finally {
    await closeArena(arena);
  }
});
