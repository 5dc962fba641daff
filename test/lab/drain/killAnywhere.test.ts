import { ANNOTATION } from "../../../core/identity/names";
import { readLease } from "../../../kube";
import { SIMULATE } from "../../../lab/simulator/annotations";
import { expectClean } from "../../support/auditor";
import {
  type Arena,
  createWorkload,
  openArena,
  openGreen,
  podsOf,
  readRawNode,
  startMonitor,
  untilCounted,
  untilReady,
} from "./arena";
import { commandFor, type Ended, type Said, startCommand } from "./childRun";
import { inLanes } from "./inLanes";
import type { CallAt, Moment } from "./killPoints";
import { useLab } from "./ownLab";

const lab = useLab("kill");
/** Arenas at work at the same time, each with a lease of its own. */
const LANES = 6;
/** How many of them: of those before the first write, when the cluster is as it was, and of those after it. */
const READS = { untouched: 3, touched: 9 };
const QUIET_MS = 1_000;
const PODS_EACH = 4;
/** A run takes seconds: what is proven here does not depend on how slow pods are. */
const QUICK = {
  [SIMULATE.startDelay]: "100ms",
  [SIMULATE.readyDelay]: "200ms",
  [SIMULATE.stopDelay]: "200ms",
};

const namespaceOf = (arena: Arena): string => `records-${arena.name}`;

const openQuick = async (name: string): Promise<Arena> => {
  const arena = await openArena(lab.kube, name, 2);
  const each = { replicas: PODS_EACH, annotations: QUICK, graceSeconds: 1 };
  await createWorkload(arena, { ...each, name: "tight", budget: { maxUnavailable: 1 } });
  await createWorkload(arena, { ...each, name: "plain" });
  await untilReady(arena, 2 * PODS_EACH);
  await untilCounted(arena, 1);
  return openGreen(arena, 1);
};

/** On a machine too busy for the server to answer at all, a run is refused before it begins. */
const isUnreached = ({ result }: Ended): boolean => result?.kind === "refused" && !result.reached;

const drain = async (arena: Arena, dieAt?: Moment): Promise<Ended> => {
  const { ended } = startCommand({
    kubeconfig: lab.kubeconfig,
    namespace: namespaceOf(arena),
    command: commandFor(arena),
    quietMs: QUIET_MS,
    ...(dieAt === undefined ? {} : { dieAt }),
  });
  return isUnreached(await ended) ? drain(arena, dieAt) : ended;
};

interface EndState {
  readonly outcome: string;
  readonly onGreen: Readonly<Record<string, number>>;
  /** Pods that there ever were: twice as many as wanted when each moved once. */
  readonly births: readonly number[];
  readonly blue: readonly object[];
  readonly holder: string | undefined;
}

const countByApp = async (arena: Arena): Promise<Readonly<Record<string, number>>> => {
  const count: Record<string, number> = {};
  for (const { labels, node, ready } of await podsOf(arena)) {
    const key = `${labels["app"] ?? ""} ${node?.split("-").at(-2) ?? "nowhere"}${ready ? "" : ", not Ready"}`;
    count[key] = (count[key] ?? 0) + 1;
  }
  return count;
};

/** A blue node with its record, without the times in it. */
const markOf = async (node: string): Promise<object> => {
  const { metadata, spec } = await readRawNode(lab.kube, node);
  const record = JSON.parse(metadata.annotations?.[ANNOTATION.prior] ?? "null") as object | null;
  const { at, cordonedAt, ...before } = (record ?? {}) as Record<string, unknown>;
  const dated = typeof at === "string" && typeof cordonedAt === "string";
  const taints = (spec.taints ?? []).map(({ key }) => key).sort();
  return { unschedulable: spec.unschedulable, taints, before, dated };
};

const outcomeOf = ({ result }: Ended): string =>
  result?.kind === "ended" ? `${result.outcome.kind}, ${result.outcome.remaining} left` : `${result?.kind}`;

type Births = Awaited<ReturnType<typeof startMonitor>>;

const endOf = async (arena: Arena, ended: Ended, monitor: Births): Promise<EndState> => ({
  outcome: outcomeOf(ended),
  onGreen: await countByApp(arena),
  births: ["tight", "plain"].map(monitor.births),
  blue: await Promise.all(arena.blue.map(markOf)),
  holder: (await readLease(lab.kube, { namespace: namespaceOf(arena), name: "changeover" }))?.holder,
});

interface Replayed {
  readonly point: Moment;
  /** "killed", or how it ended before that. */
  readonly first: string;
  readonly end: EndState;
  /** From the second run's first call to its first eviction, or to its end when there was none to send. */
  readonly resumeMs: number;
}

const isEviction = (line: Said): boolean => line.kind === "call" && line.at.call.endsWith("/eviction");

const resumeMsOf = ({ said }: Ended): number => {
  const begun = said.find(({ kind }) => kind === "call")?.ms ?? NaN;
  return ((said.find(isEviction) ?? said.at(-1))?.ms ?? NaN) - begun;
};

const replay = async (point: Moment, index: number): Promise<Replayed> => {
  const arena = await openQuick(`kill-${index}`);
  const monitor = await startMonitor(arena);
  const first = await drain(arena, point);
  const second = await drain(arena);
  await untilReady(arena, 2 * PODS_EACH);
  const end = await endOf(arena, second, monitor);
  monitor.stop();
  return { point, first: first.killed ? "killed" : outcomeOf(first), end, resumeMs: resumeMsOf(second) };
};

const record = async (): Promise<{ readonly calls: readonly CallAt[]; readonly end: EndState }> => {
  const arena = await openQuick("model");
  const monitor = await startMonitor(arena);
  const ended = await drain(arena);
  await untilReady(arena, 2 * PODS_EACH);
  const end = await endOf(arena, ended, monitor);
  monitor.stop();
  const calls = ended.said.flatMap(line => (line.kind === "call" ? [line.at] : []));
  return { calls, end };
};

const sample = <T>(all: readonly T[], count: number): readonly T[] =>
  all.filter(
    (_, index) => Math.floor((index * count) / all.length) !== Math.floor(((index - 1) * count) / all.length),
  );

/** Death after the answer to a read, before anything else is sent, is death before the next call. */
const pointsOf = (calls: readonly CallAt[]): readonly CallAt[] => {
  const touched = calls.findIndex(({ kind }) => kind === "write");
  const isRead = ({ kind, when }: CallAt): boolean => kind === "read" && when === "before";
  return [
    ...sample(calls.slice(0, touched).filter(isRead), READS.untouched),
    ...calls.filter(({ kind }) => kind === "write"),
    ...sample(calls.slice(touched).filter(isRead), READS.touched),
  ];
};

const MODEL: EndState = {
  outcome: "drained, 0 left",
  onGreen: { "tight green": PODS_EACH, "plain green": PODS_EACH },
  births: [2 * PODS_EACH, 2 * PODS_EACH],
  blue: Array.from({ length: 2 }, () => ({
    unschedulable: true,
    taints: ["changeover.dev/leaving", "node.kubernetes.io/unschedulable"],
    before: { unschedulable: false, taints: [], cordoned: true },
    dated: true,
  })),
  holder: undefined,
};

const describeTimes = (replayed: readonly Replayed[]): string => {
  const times = replayed.map(({ resumeMs }) => resumeMs / 1000).sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor((times.length - 1) * share)] ?? NaN).toFixed(1);
  return `${times.length} kills; resumed after ${at(0.5)} s (median), ${at(0.95)} s (95 %), ${at(1)} s (longest)`;
};

it("#105 kill -9 at any API call (before and after each write, and at an even sample of the reads): the same command ends the same, each pod moves once", async () => {
  const audit = await lab.audit();
  const { calls, end } = await record();
  expect(end).toEqual(MODEL);
  const points = pointsOf(calls);
  const writes = points.filter(({ kind }) => kind === "write").map(({ call }) => call);
  expect(writes.filter(call => call.endsWith("/eviction"))).toHaveLength(2 * 2 * PODS_EACH);
  expect(writes.filter(call => call.startsWith("PATCH /api/v1/nodes/"))).toHaveLength(2 * 2);
  const replayed = await inLanes(points, LANES, replay);
  process.stderr.write(`${describeTimes(replayed)}\n`);
  expect(replayed.map(({ point, end: reached }) => ({ point, reached }))).toEqual(
    points.map(point => ({ point, reached: MODEL })),
  );
  // A run may send a read or two less than the one that was recorded: then it ended before its kill.
  expect(replayed.filter(({ first }) => first !== "killed").length).toBeLessThanOrEqual(2);
  expectClean(await audit.stop());
}, 900_000);
