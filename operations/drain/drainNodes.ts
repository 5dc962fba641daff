import { describeOutcome, describeReason, type DrainProgress } from "../../core/drain/describe";
import type { Change } from "../../core/drain/facts";
import type { ClimbRecord } from "../../core/drain/ladder/climbRecord";
import type { Sample } from "../../core/drain/metrics";
import type { BlockedReason, DrainFigures, DrainOutcome as CoreOutcome } from "../../core/drain/report";
import type { Transition } from "../../core/drain/transitions";
import { isKubeError, type LeaseKeeper, listNodes } from "../../kube";
import type { Ports } from "../ports";
import { type Engine, type EngineEffects, startEngine } from "./engine";
import { deleteNodeObject, leaveBalancers, usesNodes } from "./balancers";
import { sendEviction } from "./evict";
import { fenceNodes } from "./fence";
import { holdLease } from "./lease";
import { type Ladder, startLadder } from "./ladder";
import { startReporter } from "./progress";
import { startTimes } from "./startTimes";
import { guardsOf } from "./runGuards";
import { deadlineMsOf, type DrainRequest, beginningOf, specOf } from "./request";
import { startWatches, type Watches } from "./watches";

export type { DrainRequest } from "./request";

export interface DrainPorts extends Ports {
  /** The figures behind each line of `log`. */
  readonly progress?: (progress: DrainProgress) => void;
  /** What Prometheus would be told, as often as `progress`. */
  readonly gauges?: (samples: readonly Sample[]) => void;
  /** One plain record for each thing that changed: a line of the log, a count in the metrics. */
  readonly onTransition?: (transition: Transition) => void;
  /** How long a pod that was made meanwhile took to be Ready, by the uid of what made it. */
  readonly onStart?: (owner: string, ms: number) => void;
  /** Everything that the ladder does for blocked workloads. */
  readonly onClimb?: (climb: ClimbRecord) => void;
}

/** How it ended. `reasons` are lines for the user; `blocked` has the same as data. */
export type DrainOutcome = DrainFigures &
  (
    | { readonly kind: "drained" }
    | {
        readonly kind: "blocked";
        readonly reasons: readonly string[];
        readonly blocked: readonly BlockedReason[];
      }
    /** "rollback": a guard stayed closed and its policy asks to fill the nodes again. */
    | { readonly kind: "paused" | "stopped" | "rollback" | "lostLease"; readonly reasons: readonly string[] }
  );

const NOTHING_DONE: DrainFigures = { moved: 0, remaining: 0, nodes: { empty: 0, total: 0 }, seconds: 0 };

const CANCELLED: DrainOutcome = { kind: "stopped", reasons: ["it was cancelled"], ...NOTHING_DONE };

const outcomeOf = (outcome: CoreOutcome): DrainOutcome => {
  const { moved, remaining, nodes, seconds } = outcome;
  const figures = { moved, remaining, nodes, seconds };
  if (outcome.kind === "drained") return { kind: "drained", ...figures };
  if (outcome.kind !== "blocked") return { kind: outcome.kind, reasons: [outcome.reason], ...figures };
  return {
    kind: "blocked",
    reasons: outcome.reasons.map(describeReason),
    blocked: outcome.reasons,
    ...figures,
  };
};

interface Run {
  readonly ports: DrainPorts;
  readonly request: DrainRequest;
  readonly keeper: LeaseKeeper;
  readonly cordon: boolean;
}

const gaugesBeside = ({ transitions }: LeaseKeeper, watches: Watches): readonly Sample[] => [
  { name: "drain_lease_transitions", labels: {}, value: transitions },
  ...[...watches.lag()].map(([watch, value]) => ({
    ...{ name: "drain_watch_lag_seconds", labels: { watch }, value },
  })),
];

const effectsOf = (run: Run, watches: () => Watches, ladder: Ladder): EngineEffects => {
  const { ports, request, keeper, cordon } = run;
  const mayAct = (): boolean => keeper.valid();
  const reporter = startReporter({ ...ports, moreGauges: () => gaugesBeside(keeper, watches()) });
  return {
    now: ports.now,
    evict: action => {
      if (action.takesDown !== undefined)
        ports.log(`${action.takesDown} has a single pod: it is down while it moves`);
      const graceSeconds = request.rules?.gracePeriodSeconds;
      return sendEviction({ kube: ports.kube, pods: watches().pods, mayAct, graceSeconds }, action);
    },
    fence: async node => {
      if (mayAct()) await fenceNodes(ports.kube, [node], { run: request.run, cordon, now: ports.now });
    },
    leaveBalancers: async node => {
      if (mayAct()) await leaveBalancers(ports, node, ports.now());
    },
    deleteNode: async (node, uid) => {
      if (mayAct()) await deleteNodeObject(ports, node, uid);
    },
    guards: () => guardsOf(run, watches(), ports.now()),
    onState: state => {
      reporter.tell(state);
      ladder.tell(state);
    },
    onTransition: ports.onTransition,
  };
};

const onAbort = (signal: AbortSignal, act: () => void): (() => void) => {
  if (signal.aborted) act();
  signal.addEventListener("abort", act, { once: true });
  return () => signal.removeEventListener("abort", act);
};

/** Watches live a little longer than the caller's signal: pods that are going are seen to their end. */
const follow = async (run: Run, engine: Engine, signal: AbortSignal): Promise<CoreOutcome> => {
  const cancel = (): void => engine.cancel("it was cancelled");
  const stopListening = onAbort(signal, cancel);
  run.keeper.lost.addEventListener("abort", engine.look);
  try {
    return await engine.done;
  } finally {
    stopListening();
    run.keeper.lost.removeEventListener("abort", engine.look);
    engine.close();
  }
};

interface Started {
  readonly run: Omit<Run, "cordon">;
  readonly startedAt: number;
}

const execute = async ({ run, startedAt }: Started, signal: AbortSignal): Promise<DrainOutcome> => {
  const { ports, request } = run;
  const asked = (request.rules?.deregistrationSeconds ?? 0) > 0;
  const [nodes, balancers] = await Promise.all([
    listNodes(ports.kube, { signal }),
    usesNodes({ ...ports, signal }, asked),
  ]);
  const left = Math.max(0, startedAt + deadlineMsOf(request) - ports.now());
  const spec = { ...specOf(request, nodes, left), balancers };
  const stop = new AbortController();
  const ladder = startLadder(
    { ...ports, mayAct: () => run.keeper.valid(), onWord: word => engine.hearLadder(word) },
    { run: request.run, roomProven: request.roomProven === true },
  );
  const effects = effectsOf({ ...run, cordon: spec.cordon }, () => watches, ladder);
  const engine = startEngine({ spec, beginning: beginningOf(request, nodes, ports.now()) }, effects);
  const starts = ports.onStart === undefined ? undefined : startTimes(ports.now, ports.onStart);
  const onChange = (change: Change): void => {
    starts?.hear(change);
    engine.observe(change);
  };
  const watches: Watches = startWatches(ports.kube, { onChange, onControl: engine.look }, stop.signal);
  const onSynced = async (): Promise<void> => {
    starts?.begin();
    if (spec.ladder !== undefined) await ladder.begin();
    engine.synced();
  };
  watches.synced.then(onSynced, () => undefined);
  try {
    const outcome = await follow({ ...run, cordon: spec.cordon }, engine, signal);
    ports.log(describeOutcome(outcome));
    return outcomeOf(outcome);
  } finally {
    await ladder.close();
    stop.abort();
  }
};

/**
 * Empties nodes under the budgets of the pods on them. Resumes from the cluster alone. Ends by itself: drained, blocked
 * (with every reason), paused (out of time), stopped (stop switch or signal), or lostLease. Nodes without our mark are
 * fenced on arrival; the marks stay until `openFence`. Throws when the API server can't be asked at the start.
 */
export const drainNodes = async (
  ports: DrainPorts,
  request: DrainRequest,
  signal: AbortSignal,
): Promise<DrainOutcome> => {
  const startedAt = ports.now();
  const wish = { holder: request.run, waitMs: deadlineMsOf(request), log: ports.log };
  const lease = await holdLease(ports.kube, wish, signal);
  if (lease.kind === "busy") return { kind: "lostLease", reasons: [lease.reason], ...NOTHING_DONE };
  if (lease.kind === "aborted") return CANCELLED;
  try {
    return await execute({ run: { ports, request, keeper: lease.keeper }, startedAt }, signal);
  } catch (error) {
    if (isKubeError(error, "aborted")) return CANCELLED;
    throw error;
  } finally {
    await lease.release();
  }
};
