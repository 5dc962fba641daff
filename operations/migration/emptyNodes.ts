import { boundOf, timedAnew } from "../../core/drain/plan/planBound";
import { describePlan } from "../../core/drain/plan/describePlan";
import { LABEL } from "../../core/identity/names";
import { type Problem, ProblemError } from "../../core/problem";
import { drainNodes, type DrainOutcome, type DrainRequest } from "../drain/drainNodes";
import { type DrainPlan, readPlan } from "../drain/plan";
import type { CloudPorts } from "../ports";
import { startStopwatch } from "./stopwatch";

export interface EmptyWanted {
  readonly pool: string;
  /** The generation to leave, machines that join it meanwhile included. */
  readonly from: string;
  /** Only these of its nodes: one wave. */
  readonly nodes?: readonly string[];
  readonly percent: number;
  readonly drain: { readonly timeoutSeconds: number; readonly deadlinePerUpSeconds: number };
}

/** How a generation was emptied, and the best that was possible. */
export interface Emptied {
  readonly generation: string;
  readonly moved: number;
  /** Until its last pod had left. */
  readonly makespanSeconds: number;
  /** T*, by the quickest starts of this run: no drainer that keeps the budgets is faster. */
  readonly lowerBoundSeconds: number;
  /** The budget, or the platform's part, that T* comes from. */
  readonly bindingTerm: string;
}

/** The two parts that look at the whole cluster. */
export interface EmptySteps {
  readonly readPlan: typeof readPlan;
  readonly drainNodes: typeof drainNodes;
}

export interface EmptyPorts extends CloudPorts {
  readonly steps?: EmptySteps;
}

const STEPS: EmptySteps = { readPlan, drainNodes };

const requestOf = (run: string, { from, nodes, percent, drain }: EmptyWanted): DrainRequest => ({
  run,
  nodes: nodes ?? { labels: { matchLabels: { [LABEL.generation]: from } } },
  percent,
  // Rungs are climbed only for workloads whose owners allow them by annotation.
  ladder: {},
  timeoutSeconds: drain.timeoutSeconds,
  deadlineSeconds: Math.min(drain.timeoutSeconds, drain.deadlinePerUpSeconds),
});

const isDone = ({ pods }: DrainPlan): boolean => pods.move + pods.wait + pods.blocked === 0;

/** Drains one generation's nodes to its share. Anything but "drained" is a refusal with its reasons and the way on. */
export const emptyNodes = async (
  ports: EmptyPorts,
  wanted: EmptyWanted,
  signal: AbortSignal,
): Promise<Emptied | undefined> => {
  if (wanted.percent === 0) return undefined;
  const { kube, now, log, steps = STEPS } = ports;
  const request = requestOf(ports.run, wanted);
  const plan = await steps.readPlan(kube, request, { signal, now });
  if (!isDone(plan)) describePlan(plan).forEach(log);
  const stopwatch = startStopwatch();
  const starts = new Map<string, number>();
  const onStart = (owner: string, ms: number): void =>
    void starts.set(owner, Math.min(ms, starts.get(owner) ?? ms));
  const hooks = { kube, now, log, onTransition: stopwatch.hear, onStart };
  const outcome = await steps.drainNodes(hooks, request, signal);
  if (outcome.kind !== "drained")
    throw new ProblemError(`migration ${outcome.kind}`, [notDrained(wanted, outcome)]);
  const emptied = emptiedOf(wanted.from, boundOf(timedAnew(plan.terms, starts)), {
    moved: outcome.moved,
    makespanSeconds: stopwatch.seconds(),
  });
  log(describeEmptied(emptied));
  return emptied;
};

const emptiedOf = (
  generation: string,
  { seconds, binding }: DrainPlan["bound"],
  done: Pick<Emptied, "moved" | "makespanSeconds">,
): Emptied => ({ generation, ...done, lowerBoundSeconds: seconds, bindingTerm: binding });

const describeEmptied = (emptied: Emptied): string => {
  const { generation, moved, makespanSeconds, lowerBoundSeconds, bindingTerm } = emptied;
  if (moved === 0) return `${generation}: nothing had to move`;
  return `${generation}: ${moved} pods moved in ${makespanSeconds.toFixed(1)} s; T* is ${lowerBoundSeconds.toFixed(1)} s (${bindingTerm})`;
};

const WAY_ON = {
  blocked: {
    code: "Migration.Blocked",
    fix: "mend what blocks and run `pulumi up` again, or set the pool's version back: blue is opened again",
  },
  paused: {
    code: "Migration.Paused",
    fix: "run `pulumi up` again to go on where it stopped, or raise drain.deadlinePerUp",
  },
  rollback: {
    code: "Migration.Rollback",
    fix: "see what a guard reported, then set the pool's version back: blue is opened again",
  },
  stopped: {
    code: "Migration.Stopped",
    fix: "run `pulumi up` again to go on, or set the pool's version back",
  },
  lostLease: {
    code: "Migration.LostLease",
    fix: "another run holds the cluster's lease: let it finish, then run `pulumi up` again",
  },
} as const;

const notDrained = (wanted: EmptyWanted, outcome: Exclude<DrainOutcome, { kind: "drained" }>): Problem => ({
  ...WAY_ON[outcome.kind],
  path: `pools.${wanted.pool}`,
  message: `${wanted.from} is not empty (${String(outcome.moved)} pods moved): ${outcome.reasons.join("; ")}`,
});
