import { type ChainTerm, cycleOf, lowerBound, settledAfter, WAVES } from "../lowerBound";
import { describeNames } from "../names";
import { fullName } from "../world";
import { HELD } from "./budgetVerdicts";
import type { BudgetGroup } from "./planBudgets";
import type { PlanFacts, PlanPod } from "./planFacts";
import type { JudgedPod } from "./planScope";
import type { Waves } from "./planWaves";

/** T*: no drainer that keeps the budgets empties the nodes sooner. */
export interface PlanBound {
  readonly seconds: number;
  /** The budget, or the platform's part, that takes longest. */
  readonly binding: string;
  readonly words: string;
}

export interface PlanTimes {
  readonly bound: PlanBound;
  readonly terms: BoundTerms;
  /** Until the last successor is Ready, if nothing disturbs. */
  readonly predictedSeconds: number;
}

/** A process that obeys its signal is gone about as soon as this; longer only where it is known to be. */
const OBEDIENT_MS = 1_000;
const STARTS_IN_MS = 10_000;
/** Eviction call, budget controller and watch. */
const OVERHEAD_MS = 200;

const least = (numbers: readonly number[]): number | undefined =>
  numbers.length === 0 ? undefined : numbers.reduce((a, b) => Math.min(a, b));

/** A pod that never lost its readiness since it was made shows how long a start takes. */
const seenStart = (pods: readonly PlanPod[]): number | undefined =>
  least(
    pods.flatMap(({ ready, readySince, createdAt }) =>
      ready && readySince !== undefined && readySince >= createdAt ? [readySince - createdAt] : [],
    ),
  );

const endOf = ({ preStopSeconds, graceSeconds }: PlanPod): number =>
  Math.min(preStopSeconds * 1000 + OBEDIENT_MS, graceSeconds * 1000);

const isSerial = ({ pods, owners }: BudgetGroup, exclusive: ReadonlySet<string>): boolean =>
  owners.some(({ kind }) => kind === "StatefulSet") ||
  pods.some(pod => (pod.claims ?? []).some(claim => exclusive.has(`${pod.namespace}/${claim}`)));

/** One budget's share of T*. */
interface Chain {
  readonly term: ChainTerm;
  /** Uids of what makes the successors. */
  readonly owners: readonly string[];
  readonly measured: boolean;
}

const readChain = (group: BudgetGroup, facts: PlanFacts): Chain => {
  const start = seenStart(group.pods);
  const term: ChainTerm = {
    name: group.verdict.budget,
    pods: group.pods.length,
    limit: group.limit,
    graceMs: least(group.pods.map(endOf)) ?? 0,
    startMs: start ?? STARTS_IN_MS,
    serial: isSerial(group, facts.exclusiveClaims),
  };
  const owners = [...new Set(group.pods.flatMap(({ owner }) => owner?.uid ?? []))];
  return { term, owners, measured: start !== undefined };
};

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

const describeTerm = ({ term, measured }: Chain): string => {
  const cycle = seconds(cycleOf(term, OVERHEAD_MS));
  const start = `${seconds(term.startMs)} s to start (${measured ? "as seen" : "assumed"})`;
  const order = term.serial ? ", each only after its predecessor has gone" : "";
  return `${term.name}: ${term.pods} pods, ${term.limit} at a time, ${cycle} s each, ${start}${order}`;
};

interface Waited {
  readonly ms: number;
  readonly names: readonly string[];
}

const longestWait = (judged: readonly JudgedPod[], now: number): Waited => {
  const waited = judged.flatMap(({ pod, verdict }) =>
    verdict.kind === "waitCompleted" && verdict.until !== undefined
      ? [{ ms: verdict.until - now, name: fullName(pod) }]
      : [],
  );
  const ms = waited.reduce((longest, wait) => Math.max(longest, wait.ms), 0);
  return { ms, names: waited.filter(wait => wait.ms === ms).map(({ name }) => name) };
};

const describeWait = ({ ms, names }: Waited): PlanBound => ({
  seconds: seconds(ms),
  binding: describeNames(names),
  words: `${describeNames(names)}: to be left alone for another ${seconds(ms)} s`,
});

const describeWaves = ({ count, share, provisionMs }: Waves): string =>
  `the nodes that are to take the pods have room for ${Math.floor(share * 100)} % of them: ${count} waves, ${seconds(provisionMs)} s until a new node is Ready (as seen)`;

/** All that T* is made of. */
export interface BoundTerms {
  readonly chains: readonly Chain[];
  readonly rates: PlanFacts["rates"];
  readonly waves: Waves | undefined;
  /** Until the last pod that is to be left alone may go. */
  readonly wait: Waited;
}

const describeBinding = (binding: string, { chains, waves }: BoundTerms): string => {
  if (binding === WAVES && waves !== undefined) return describeWaves(waves);
  const bound = chains.find(({ term }) => term.name === binding);
  return bound === undefined ? binding : describeTerm(bound);
};

export const boundOf = (terms: BoundTerms): PlanBound => {
  const { chains, rates, waves, wait } = terms;
  const { ms, binding } = lowerBound(
    chains.map(({ term }) => term),
    { ...rates, overheadMs: OVERHEAD_MS, ...(waves === undefined ? {} : { waves }) },
  );
  if (wait.ms > ms) return describeWait(wait);
  return { seconds: seconds(ms), binding, words: describeBinding(binding, terms) };
};

const timedBy = (chain: Chain, starts: ReadonlyMap<string, number>): Chain => {
  const startMs = least(chain.owners.flatMap(owner => starts.get(owner) ?? []));
  return startMs === undefined ? chain : { ...chain, term: { ...chain.term, startMs }, measured: true };
};

/** The same by what was watched meanwhile: the quickest start in milliseconds, by uid of what made the pod. */
export const timedAnew = (terms: BoundTerms, starts: ReadonlyMap<string, number>): BoundTerms => ({
  ...terms,
  chains: terms.chains.map(chain => timedBy(chain, starts)),
});

interface Timed {
  readonly groups: readonly BudgetGroup[];
  readonly judged: readonly JudgedPod[];
  readonly waves: Waves | undefined;
}

/** Budgets that let nobody go are left out: with them there is no end to be told. */
export const planTimes = (facts: PlanFacts, { groups, judged, waves }: Timed): PlanTimes => {
  const chains = groups
    .filter(({ verdict }) => !HELD.has(verdict.code))
    .map(group => readChain(group, facts));
  const terms = { chains, rates: facts.rates, waves, wait: longestWait(judged, facts.now) };
  const bound = boundOf(terms);
  const settled = chains.map(({ term }) => settledAfter(term, OVERHEAD_MS));
  return {
    bound,
    terms,
    predictedSeconds: Math.ceil([bound.seconds * 1000, ...settled].reduce((a, b) => Math.max(a, b)) / 1000),
  };
};
