import type { Answer } from "../../../core/drain/answers";
import type { DrainAction, DrainEvent, EvictAction } from "../../../core/drain/events";
import type { Change } from "../../../core/drain/facts";
import type { Guard } from "../../../core/drain/guards";
import { next } from "../../../core/drain/next";
import type { DrainOutcome } from "../../../core/drain/report";
import { createState, type DrainSpec, type DrainState } from "../../../core/drain/state";
import { syntheticLimit } from "../../../core/drain/workloads";
import { startClock, startRandom, type VirtualClock } from "./clock";
import { type SimulatedCluster, startCluster } from "./cluster";
import type { Scenario, SimulatedWorkload } from "./scenario";

export const SPEC: DrainSpec = {
  nodes: { labels: { matchLabels: { pool: "blue" } } },
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

/** What a run did, and every promise it broke, in words. */
export interface SimulatedRun {
  readonly outcome: DrainOutcome | undefined;
  readonly violations: readonly string[];
  readonly posts: number;
  readonly refusals: number;
  /** From the start to the moment when the last pod left blue. */
  readonly makespanMs: number;
  readonly left: readonly string[];
  readonly state: DrainState;
}

interface Driver {
  readonly clock: VirtualClock;
  readonly scenario: Scenario;
  readonly cluster: SimulatedCluster;
  readonly random: () => number;
  readonly violations: string[];
  readonly evicted: Set<string>;
  /** Budgets of the calls under way, by the pod's uid. */
  readonly outstanding: Map<string, string>;
  readonly startedAt: number;
  state: DrainState;
  life: number;
  wake: number;
  posts: number;
  refusals: number;
  emptiedAt: number;
  outcome: DrainOutcome | undefined;
}

const LIMIT_STEPS = 400_000;
const RESTART_MS = 1_000;

const violate = (driver: Pick<Driver, "violations" | "clock" | "startedAt">, text: string): void => {
  driver.violations.push(`${driver.clock.now() - driver.startedAt} ms: ${text}`);
};

const floorOf = (spec: SimulatedWorkload): number => {
  const { budget, replicas } = spec;
  if (budget === undefined) return replicas - syntheticLimit(spec.kind, replicas);
  return "minAvailable" in budget ? budget.minAvailable : replicas - budget.maxUnavailable;
};

/** An eviction may not take a Ready pod from a workload that is at or below its floor. */
const checkFloor = (driver: Driver, workload: string, wasReady: boolean): void => {
  const spec = driver.scenario.workloads.find(one => one.name === workload);
  if (spec === undefined || !wasReady) return;
  const available = driver.cluster.available(workload);
  if (available < floorOf(spec)) violate(driver, `I3 ${workload} has ${available}, floor ${floorOf(spec)}`);
};

const checkFlight = ({ outstanding, ...driver }: Driver, { uid, name, budget }: EvictAction): void => {
  const beside = [...outstanding.values()].filter(other => other === budget).length;
  if (outstanding.has(uid)) violate(driver, `I2 ${name} is under way already`);
  if (budget.startsWith("pdb:") && beside >= 4) violate(driver, `I2 ${beside + 1} in flight for ${budget}`);
};

const checkAction = (driver: Driver, action: EvictAction): void => {
  const pod = driver.cluster.pods.get(action.uid);
  if (!action.node.startsWith("blue")) violate(driver, `I1 ${action.name} is on ${action.node}`);
  if (pod?.node?.startsWith("green") === true) violate(driver, `I1 ${action.name} runs on green`);
  checkFlight(driver, action);
  if (isClosed(driver)) violate(driver, `I4 ${action.name} evicted while a guard is closed`);
};

const isClosed = ({ scenario: { closed }, clock, startedAt }: Driver): boolean => {
  const at = clock.now() - startedAt;
  return closed !== undefined && at >= closed.from && at < closed.to;
};

type Fault = "none" | "busy" | "throttled" | "lostBefore" | "lostAfter";
const FAULTS: readonly Fault[] = ["busy", "throttled", "lostBefore", "lostAfter"];

const drawFault = (driver: Driver): Fault => {
  if (driver.random() >= driver.scenario.faults) return "none";
  return FAULTS[Math.floor(driver.random() * FAULTS.length)] ?? "none";
};

const commit = (driver: Driver, action: EvictAction): Answer => {
  const pod = driver.cluster.pods.get(action.uid);
  const answer = driver.cluster.evict(action, action.uid);
  if (answer.kind === "budgetFull") driver.refusals += 1;
  if (answer.kind === "accepted" && pod !== undefined && pod.deletingSince === undefined) {
    if (pod.createdAt > 0) violate(driver, `I5 ${action.name} moved a second time`);
    driver.evicted.add(action.uid);
    checkFloor(driver, pod.labels["app"] ?? "", pod.ready);
  }
  return answer;
};

const FAULTY: Readonly<Record<Fault, (driver: Driver, action: EvictAction) => Answer>> = {
  none: commit,
  busy: () => ({ kind: "later", afterMs: 1_000, reason: "504", uncertain: true, slowDown: true }),
  throttled: () => ({ kind: "throttled", afterMs: 1_000 }),
  lostBefore: () => ({ kind: "later", afterMs: 1_000, reason: "reset", uncertain: true }),
  lostAfter: (driver, action) => {
    commit(driver, action);
    return { kind: "later", afterMs: 1_000, reason: "reset", uncertain: true };
  },
};

const post = (driver: Driver, action: EvictAction): void => {
  checkAction(driver, action);
  driver.posts += 1;
  driver.outstanding.set(action.uid, action.budget);
  const { life, clock, scenario } = driver;
  clock.after(scenario.callMs / 2, () => {
    const answer = FAULTY[drawFault(driver)](driver, action);
    clock.after(scenario.callMs / 2, () => {
      if (driver.life !== life) return;
      driver.outstanding.delete(action.uid);
      send(driver, { kind: "answered", now: clock.now(), uid: action.uid, answer });
    });
  });
};

const setWake = (driver: Driver, at: number): void => {
  driver.wake += 1;
  const { wake, clock } = driver;
  clock.after(at - clock.now(), () => {
    if (driver.wake === wake) send(driver, { kind: "tick", now: clock.now() });
  });
};

const perform = (driver: Driver, action: DrainAction): void => {
  if (action.kind === "evict") post(driver, action);
  if (action.kind === "wake") setWake(driver, action.at);
  if (action.kind === "finish") driver.outcome = action.outcome;
};

const send = (driver: Driver, event: DrainEvent): void => {
  const [state, actions] = next(driver.state, event);
  driver.state = state;
  for (const action of actions) perform(driver, action);
};

const guardsOf = (driver: Driver): readonly Guard[] => [
  { name: "test", state: isClosed(driver) ? "closed" : "open", then: "hold" },
];

const tellGuards = (driver: Driver): void =>
  send(driver, { kind: "guards", now: driver.clock.now(), guards: guardsOf(driver) });

/** A new process: it knows nothing but the cluster. */
const start = (driver: Driver): void => {
  const { clock, cluster } = driver;
  driver.life += 1;
  driver.outstanding.clear();
  driver.state = createState(SPEC, clock.now(), { since: driver.startedAt });
  tellGuards(driver);
  send(driver, { kind: "observed", now: clock.now(), changes: cluster.list() });
  send(driver, { kind: "synced", now: clock.now() });
};

const kill = (driver: Driver): void => {
  if (driver.outcome !== undefined) return;
  driver.life += 1;
  driver.wake += 1;
  driver.clock.after(RESTART_MS, () => start(driver));
};

const blueLeft = (driver: Driver): readonly string[] =>
  [...driver.cluster.pods.values()].filter(pod => pod.node?.startsWith("blue") === true).map(pod => pod.name);

const listen = (driver: Driver): void => {
  const { clock, scenario, cluster } = driver;
  cluster.onChange((change: Change) => {
    if (change.type === "gone" && blueLeft(driver).length === 0) driver.emptiedAt = clock.now();
    const { life } = driver;
    clock.after(scenario.watchLagMs, () => {
      if (driver.life === life) send(driver, { kind: "observed", now: clock.now(), changes: [change] });
    });
  });
};

const openDriver = (scenario: Scenario): Driver => {
  const clock = startClock();
  return {
    clock,
    scenario,
    cluster: startCluster(clock, scenario),
    random: startRandom(scenario.seed + 7919),
    violations: [],
    evicted: new Set(),
    outstanding: new Map(),
    startedAt: clock.now(),
    state: createState(SPEC, clock.now()),
    life: 0,
    wake: 0,
    posts: 0,
    refusals: 0,
    emptiedAt: clock.now(),
    outcome: undefined,
  };
};

const schedule = (driver: Driver): void => {
  const { clock, scenario } = driver;
  for (const at of scenario.kills) clock.after(at, () => kill(driver));
  if (scenario.closed === undefined) return;
  clock.after(scenario.closed.from, () => tellGuards(driver));
  clock.after(scenario.closed.to, () => tellGuards(driver));
};

export const simulate = (scenario: Scenario): SimulatedRun => {
  const driver = openDriver(scenario);
  schedule(driver);
  listen(driver);
  start(driver);
  for (let steps = 0; driver.outcome === undefined && driver.clock.step(); steps++) {
    if (steps > LIMIT_STEPS) violate(driver, "never ended");
    if (steps > LIMIT_STEPS) break;
  }
  const { outcome, violations, posts, refusals, state } = driver;
  return {
    outcome,
    violations,
    posts,
    refusals,
    state,
    left: blueLeft(driver),
    makespanMs: driver.emptiedAt - driver.startedAt,
  };
};
