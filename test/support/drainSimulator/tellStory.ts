import type { Guard } from "../../../core/drain/guards";
import { next } from "../../../core/drain/next";
import type { DrainOutcome } from "../../../core/drain/report";
import type { DrainSpec } from "../../../core/drain/state";
import { startClock, startRandom } from "./clock";
import { type DrainEngine, type Host, openHost } from "./client/host";
import { isMovable, isOnBlue, type Observer } from "./client/stage";
import { OBSERVERS } from "./observers/all";
import { scheduleMishaps } from "./server/mishaps";
import { BLUE, isActive, podsOf, type Server } from "./server/objects";
import { fenceNode, startServer } from "./server/server";
import type { Story } from "./story";

export const STORY_SPEC: DrainSpec = {
  nodes: { labels: { matchLabels: BLUE } },
  percent: 100,
  cordon: true,
  timeoutMs: 300_000,
  deadlineMs: 3_600_000,
  blockedAfterMs: 5_000,
  quietMs: 5_000,
  lingerMs: 10_000,
  rules: { force: false, deleteEmptyDirData: true },
  concurrency: { start: 10, ceiling: 50 },
};

/** What came of it. `violations` name the seed, the time, the law and the objects. */
export interface Told {
  readonly story: Story;
  readonly outcome: DrainOutcome | undefined;
  readonly violations: readonly string[];
  readonly counts: Host["counts"];
  /** Until the last movable pod had left blue. */
  readonly makespanMs: number;
  /** Workloads with pods left on blue, and Ready pods of each workload, once the cluster has come to rest. */
  readonly left: readonly string[];
  readonly ready: Readonly<Record<string, number>>;
  readonly trace: readonly string[];
}

export interface Telling {
  readonly trace?: boolean;
  readonly spec?: Partial<DrainSpec>;
  readonly engine?: DrainEngine;
  /** Given up as never ending after so many happenings. */
  readonly limit?: number;
}

const LIMIT_STEPS = 300_000;
/** After the end the cluster comes to rest by itself. */
const SETTLE_MS = 90_000;

const leftOn = (server: Server): readonly string[] => [
  ...new Set(
    [...server.pods.values()]
      .filter(pod => isOnBlue(pod) && isMovable(pod))
      .map(pod => pod.labels["app"] ?? "")
      .sort(),
  ),
];

const readyOf = (server: Server): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...server.workloads.keys()].map(name => [
      name,
      podsOf(server, name).filter(pod => pod.ready && isActive(pod)).length,
    ]),
  );

/** Guards as the product reads them before every step. */
const guardsOf = (story: Story, elapsed: () => number) => {
  const holds = story.mishaps.filter(mishap => mishap.kind === "hold");
  const losses = story.mishaps.filter(mishap => mishap.kind === "loseLease");
  return (): readonly Guard[] => {
    const now = elapsed();
    const held = holds.some(({ at, forMs }) => now >= at && now < at + forMs);
    const lost = losses.some(({ at }) => now >= at && now < at + story.pace.restartMs / 2);
    return [
      { name: "lease", state: lost ? "closed" : "open", then: "lostLease" },
      { name: "window", state: held ? "closed" : "open", then: "hold" },
    ];
  };
};

const scheduleForHost = (server: Server, host: Host): void => {
  const { clock, story } = server;
  for (const mishap of story.mishaps) {
    if (mishap.kind === "dropWatch") clock.after(mishap.at, () => host.feed(mishap.watch)?.drop(mishap));
    if (mishap.kind === "cancel") clock.after(mishap.at, host.cancel);
    if (mishap.kind === "hold" || mishap.kind === "loseLease") clock.after(mishap.at, host.look);
    if (mishap.kind === "hold") clock.after(mishap.at + mishap.forMs, host.look);
  }
};

/** What is noted while a story is told. */
interface Diary {
  readonly server: Server;
  readonly startedAt: number;
  readonly violations: string[];
  readonly trace: string[];
  readonly tracing: boolean;
  readonly observers: Observer[];
  makespanMs: number;
  crashed: boolean;
}

const stamp = ({ server }: Diary, text: string): string =>
  `seed ${server.story.seed}, ${((server.clock.now() - server.startedAt) / 1000).toFixed(3)} s, ${text}`;

const note = (diary: Diary, text: () => string): void => {
  if (diary.tracing) diary.trace.push(stamp(diary, text()));
};

const violate = (diary: Diary, invariant: string, text: string): void => {
  diary.violations.push(stamp(diary, `${invariant}: ${text}`));
  note(diary, () => `VIOLATION ${invariant}: ${text}`);
};

/** Labels and owners never change: a trace is shorter without them. */
const QUIET = new Set(["labels", "annotations", "tolerations", "owner", "selector", "taints"]);

const describe = (fact: object): string =>
  JSON.stringify(Object.fromEntries(Object.entries(fact).filter(([key]) => !QUIET.has(key))));

const listen = (diary: Diary): void => {
  const { server } = diary;
  server.listeners.push(written => {
    note(diary, () => `${written.cause} ${written.gone ? "gone" : "set"} ${describe(written.fact)}`);
    for (const observer of diary.observers) observer.written?.(written);
    if (written.kind === "pod" && written.gone && leftOn(server).length === 0)
      diary.makespanMs = server.clock.now() - diary.startedAt;
  });
};

const openDiary = (story: Story, telling: Telling): Diary => {
  const clock = startClock();
  return {
    server: startServer(clock, story),
    startedAt: clock.now(),
    violations: [],
    trace: [],
    tracing: telling.trace === true,
    observers: [],
    makespanMs: 0,
    crashed: false,
  };
};

const hostOf = (diary: Diary, telling: Telling): Host => {
  const { server, observers } = diary;
  return openHost({
    server,
    observers,
    random: startRandom(server.story.seed + 7919),
    spec: { ...STORY_SPEC, ...telling.spec },
    engine: telling.engine ?? next,
    guards: guardsOf(server.story, () => server.clock.now() - diary.startedAt),
    trace: text => note(diary, () => text),
    crashed: error => {
      diary.crashed = true;
      violate(diary, "CRASH", error instanceof Error ? (error.stack ?? error.message) : "unknown");
    },
  });
};

const play = (diary: Diary, host: Host, limit: number): void => {
  const { clock } = diary.server;
  let steps = 0;
  const goesOn = (): boolean => host.outcome() === undefined && !diary.crashed && steps < limit;
  while (goesOn() && clock.step()) steps += 1;
  for (const observer of diary.observers) observer.ended?.(host.outcome());
  const endedAt = clock.now();
  const rests = (): boolean => diary.crashed || clock.now() >= endedAt + SETTLE_MS;
  while (!rests() && clock.step()) steps += 1;
};

/** Tells a story to its end, with every observer watching. The same story always ends the same way. */
export const tellStory = (story: Story, telling: Telling = {}): Told => {
  const diary = openDiary(story, telling);
  const { server, violations, trace } = diary;
  const host = hostOf(diary, telling);
  listen(diary);
  diary.observers.push(
    ...OBSERVERS.map(make => make(host.stage, (invariant, text) => violate(diary, invariant, text))),
  );
  const blue = [...server.nodes.keys()].filter(name => name.startsWith("blue"));
  if (story.fenced) for (const name of blue) fenceNode(server, name, "test");
  scheduleMishaps(server);
  scheduleForHost(server, host);
  host.start();
  play(diary, host, telling.limit ?? LIMIT_STEPS);
  return {
    story,
    outcome: host.outcome(),
    violations,
    counts: host.counts,
    makespanMs: diary.makespanMs,
    left: leftOn(server),
    ready: readyOf(server),
    trace,
  };
};
