import { memoryOf, needsAndHas } from "./budgets";
import { remainingChainMs } from "./choose";
import { closedGuards, describeGuard } from "./guards";
import { describeNames } from "./names";
import { figuresOf, unsettledWorkloads } from "./outcome";
import type { BlockedReason, DrainFigures, DrainOutcome } from "./report";
import { compareText } from "./scope";
import { HOPELESS } from "./standstill";
import type { DrainState } from "./state";
import { type Lane, type Survey, surveyDrain } from "./survey";
import { describeWorkload } from "./workloads";

/** What a reader wants to know while it runs. Plain data: a table or a line is made of it. */
export interface DrainProgress extends DrainFigures {
  readonly terminating: number;
  readonly queued: number;
  readonly blocked: number;
  readonly waiting: readonly WaitingBudget[];
  readonly notAvailable: readonly string[];
  readonly held: readonly string[];
  readonly etaSeconds?: number;
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

const etaSeconds = (state: DrainState, { lanes, blocked, going }: Survey): number | undefined => {
  const hopeless = lanes.some(lane => HOPELESS.has(memoryOf(state, lane.budget.key).waiting?.code ?? ""));
  if (hopeless || blocked.length > 0) return undefined;
  const chains = lanes.map(lane => remainingChainMs(state, lane));
  const grace = going.map(pod =>
    Math.max(0, (pod.deletingSince ?? state.now) + pod.graceSeconds * 1000 - state.now),
  );
  const longest = [...chains, ...grace].reduce((a, b) => Math.max(a, b), 0);
  return Math.ceil(longest / 1000);
};

const byPodsThenName = (a: WaitingBudget, b: WaitingBudget): number =>
  b.seconds - a.seconds || b.pods - a.pods || compareText(a.budget, b.budget);

export const progressOf = (state: DrainState): DrainProgress => {
  const survey = surveyDrain(state);
  const eta = etaSeconds(state, survey);
  return {
    ...figuresOf(state, survey),
    terminating: survey.going.length,
    queued: survey.lanes.reduce((sum, lane) => sum + lane.queue.length, 0),
    blocked: survey.blocked.length,
    waiting: survey.lanes.flatMap(lane => waitingBudget(state, lane)).sort(byPodsThenName),
    notAvailable: unsettledWorkloads(state, survey).map(
      ({ key, available, target }) => `${describeWorkload(key)} ${available}/${target}`,
    ),
    held: closedGuards(state.guards).map(describeGuard),
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
