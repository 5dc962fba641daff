import { memoryOf, needsAndHas } from "./budgets";
import { closedGuards, describeGuard } from "./guards";
import { describeNames } from "./names";
import { figuresOf } from "./outcome";
import type { BlockedReason, DrainFigures, DrainOutcome } from "./report";
import { compareText } from "./scope";
import { unsettledWorkloads } from "./settlement";
import { HOPELESS } from "./standstill";
import type { DrainState } from "./state";
import { surveyDrain } from "./survey";
import type { Lane, Survey } from "./surveyed";
import { describeWorkload } from "./workloads";

/** What a reader wants to know while it runs. Plain data: a table or a line is made of it. */
export interface DrainProgress extends DrainFigures {
  readonly terminating: number;
  readonly queued: number;
  readonly blocked: number;
  /** Pods that are never evicted and whose end is waited for. */
  readonly awaited: number;
  readonly waiting: readonly WaitingBudget[];
  readonly notAvailable: readonly string[];
  readonly held: readonly string[];
  readonly etaSeconds?: number;
  /** Blue nodes, by name; absent where nobody asked for them. */
  readonly byNode?: readonly NodeProgress[];
}

export interface NodeProgress {
  readonly node: string;
  readonly moved: number;
  readonly remaining: number;
  readonly ready: boolean;
}

export interface WaitingBudget {
  readonly budget: string;
  readonly allowed: number;
  readonly needs: number;
  readonly has: number;
  readonly seconds: number;
  readonly pods: number;
}

const waitingBudget = (state: DrainState, lane: Lane): readonly WaitingBudget[] => {
  const { waiting } = memoryOf(state, lane.budget.key);
  if (waiting === undefined) return [];
  return [
    {
      budget: lane.budget.name,
      allowed: lane.slots,
      ...needsAndHas(lane.budget),
      seconds: Math.round((state.now - waiting.since) / 1000),
      pods: lane.queue.length,
    },
  ];
};

const isHopelessLane = (state: DrainState, lane: Lane): boolean =>
  HOPELESS.has(memoryOf(state, lane.budget.key).waiting?.code ?? "");

const etaSeconds = (state: DrainState, { lanes, blocked, awaited, going }: Survey): number | undefined => {
  if (blocked.size + awaited.size > 0) return undefined;
  let longest = 0;
  for (const lane of lanes.values()) {
    if (isHopelessLane(state, lane)) return undefined;
    longest = Math.max(longest, lane.chainMs);
  }
  for (const pod of going.values())
    longest = Math.max(longest, (pod.deletingSince ?? state.now) + pod.graceSeconds * 1000 - state.now);
  return Math.ceil(longest / 1000);
};

const nodeProgress = ({ movedFrom }: DrainState, { blue, load }: Survey): readonly NodeProgress[] =>
  [...blue.values()]
    .map(({ name, ready }) => ({
      ...{ node: name, ready },
      moved: movedFrom.get(name) ?? 0,
      remaining: load.get(name) ?? 0,
    }))
    .sort((a, b) => compareText(a.node, b.node));

const byPodsThenName = (a: WaitingBudget, b: WaitingBudget): number =>
  b.seconds - a.seconds || b.pods - a.pods || compareText(a.budget, b.budget);

export const progressOf = (state: DrainState): DrainProgress => {
  const survey = surveyDrain(state);
  const eta = etaSeconds(state, survey);
  return {
    ...figuresOf(state, survey),
    terminating: survey.going.size,
    queued: survey.queued,
    blocked: survey.blocked.size,
    awaited: survey.awaited.size,
    waiting: [...survey.lanes.values()].flatMap(lane => waitingBudget(state, lane)).sort(byPodsThenName),
    notAvailable: unsettledWorkloads(state).map(
      ({ key, available, target }) => `${describeWorkload(key)} ${available}/${target}`,
    ),
    held: closedGuards(state.guards).map(describeGuard),
    byNode: nodeProgress(state, survey),
    ...(eta === undefined ? {} : { etaSeconds: eta }),
  };
};

const describeWaiting = ([first, ...others]: readonly WaitingBudget[]): string => {
  if (first === undefined) return "";
  const { budget, allowed, needs, has, seconds } = first;
  const more = others.length > 0 ? ` and ${others.length} more budgets` : "";
  return `waiting on ${budget} (${allowed} allowed, needs ${needs} has ${has}) ${seconds} s${more}`;
};

/** One line: "moved 12/40, 3 terminating, waiting on PDB shop/web (0 allowed, needs 3 has 3) 4 s, ETA 20 s". */
export const describeProgress = (progress: DrainProgress): string =>
  [
    `moved ${progress.moved}/${progress.moved + progress.remaining}`,
    progress.terminating > 0 ? `${progress.terminating} terminating` : "",
    progress.held.length > 0 ? `held: ${describeNames(progress.held)}` : "",
    progress.blocked > 0 ? `${progress.blocked} may not be moved` : "",
    progress.awaited > 0 ? `waiting for the end of ${progress.awaited}` : "",
    describeWaiting(progress.waiting),
    progress.notAvailable.length > 0
      ? `not yet available again: ${describeNames(progress.notAvailable)}`
      : "",
    progress.etaSeconds === undefined || progress.remaining === 0 ? "" : `ETA ${progress.etaSeconds} s`,
  ]
    .filter(part => part !== "")
    .join(", ");

export const describeReason = (reason: BlockedReason): string => {
  const pods = reason.pods.length > 0 ? `${describeNames(reason.pods)}: ` : "";
  const budget = reason.budget === undefined ? "" : `${reason.budget}: `;
  const has = reason.budget === undefined && reason.needs !== undefined;
  const numbers = has ? ` (needs ${reason.needs} has ${reason.has ?? 0})` : "";
  return `${reason.code} ${pods}${budget}${reason.message}${numbers}, for ${reason.seconds} s`;
};

/** One line for a reader in a hurry, then one per reason. */
export const describeOutcome = (outcome: DrainOutcome): string => {
  const { moved, remaining, seconds, nodes } = outcome;
  const figures = `moved ${moved}, ${remaining} left, ${nodes.empty} of ${nodes.total} nodes empty, ${seconds} s`;
  switch (outcome.kind) {
    case "drained":
      return `drained: ${figures}`;
    case "blocked":
      return [`blocked: ${figures}`, ...outcome.reasons.map(reason => `  - ${describeReason(reason)}`)].join(
        "\n",
      );
    default:
      return `${outcome.kind}: ${outcome.reason}; ${figures}`;
  }
};
