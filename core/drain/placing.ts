import { ownKey, pdbKey, pdbsOf } from "./budgets";
import type { BudgetFact, PodFact } from "./facts";
import { type FilterContext, judgePod, type PodVerdict } from "./filters";
import { LOST_AFTER_MS } from "./observe";
import { STUCK_AFTER_MS } from "./presenceFilters";
import { compareText } from "./scope";
import type { Draft } from "./sketch";
import type { DrainState } from "./state";
import type { Place, Workload } from "./surveyed";
import { desiredOf, workloadOf } from "./workloads";

/** A terminating pod is judged again this often, and at the moment from which it counts as stuck. */
const GOING_AGAIN_MS = 5_000;

const goingDue = ({ deletingSince = 0, graceSeconds }: PodFact, now: number): number => {
  const stuck = deletingSince + graceSeconds * 1000 + STUCK_AFTER_MS + 1;
  return stuck > now ? Math.min(stuck, now + GOING_AGAIN_MS) : now + GOING_AGAIN_MS;
};

type Kind<K extends Place["kind"]> = Omit<Extract<Place, { kind: K }>, "node" | "pod">;
type Placed = { [K in Place["kind"]]: Kind<K> }[Place["kind"]];

const blocked = (pod: PodFact, reason: { code: string; message: string }, due?: number): Placed => {
  const { code, message } = reason;
  return { kind: "blocked", blocked: { pod, code, message }, ...(due === undefined ? {} : { due }) };
};

const manyBudgets = (pdbs: readonly BudgetFact[]): { code: string; message: string } => {
  const names = pdbs.map(pdb => pdb.name).sort(compareText);
  return {
    code: "MULTIPLE_PDBS",
    message: `the API server evicts no pod with several PDBs (${names.join(", ")})`,
  };
};

const RETURNS = {
  code: "RETURNS_TO_BLUE",
  message: "its workload keeps coming back to nodes that are being emptied",
};

const OWNER_UNKNOWN = { code: "OWNER_UNKNOWN", message: "its owner is not known (yet)" };

const returnsTooOften = ({ state, counts }: Draft, pod: PodFact, key: string): boolean => {
  const count = counts.get(key);
  if (pod.createdAt <= state.startedAt || count === undefined) return false;
  return (state.returns.get(key) ?? 0) >= Math.max(1, desiredOf(count, state));
};

/** Which budget it has to wait for, or why for none. */
const placeByBudget = ({ state }: Draft, pod: PodFact, workload: Workload | undefined): Placed => {
  const pdbs = pdbsOf(pod, state.world);
  const [only] = pdbs;
  if (pdbs.length > 1) return blocked(pod, manyBudgets(pdbs));
  if (only !== undefined) return { kind: "lane", lane: pdbKey(only) };
  return workload === undefined ? blocked(pod, OWNER_UNKNOWN) : { kind: "lane", lane: ownKey(workload.key) };
};

const placeMovable = (draft: Draft, pod: PodFact): Placed => {
  const { state } = draft;
  const attempt = state.attempts.get(pod.uid);
  if (attempt?.phase === "refused" && state.now < attempt.until) return blocked(pod, attempt, attempt.until);
  const workload = workloadOf(pod, state.world);
  if (workload !== undefined && returnsTooOften(draft, pod, workload.key)) return blocked(pod, RETURNS);
  return placeByBudget(draft, pod, workload);
};

const placeAwaited = (pod: PodFact, verdict: Extract<PodVerdict, { kind: "waitCompleted" }>): Placed => {
  const { code, message, until } = verdict;
  const moment = until === undefined ? {} : { until };
  return { kind: "awaited", awaited: { pod, code, message, ...moment }, ...dueAt(until) };
};

const dueAt = (due: number | undefined): { readonly due?: number } => (due === undefined ? {} : { due });

const placeByVerdict = (draft: Draft, pod: PodFact, verdict: PodVerdict): Placed => {
  const due = dueAt(pod.deletingSince === undefined ? undefined : goingDue(pod, draft.state.now));
  switch (verdict.kind) {
    case "ignore":
      return { kind: "ignored" };
    case "wait":
      return { kind: "going", ...due };
    case "waitCompleted":
      return placeAwaited(pod, verdict);
    case "block":
      return blocked(pod, verdict, due.due);
    case "move":
      return placeMovable(draft, pod);
  }
};

/** Since when an eviction of ours is under way that the cache does not show yet. */
const sentSince = (state: DrainState, pod: PodFact): number | undefined => {
  const attempt = state.attempts.get(pod.uid);
  if (pod.deletingSince !== undefined) return undefined;
  return attempt?.phase === "posted" || attempt?.phase === "accepted" ? attempt.at : undefined;
};

const contextOf = ({ now, spec, world: { ties } }: DrainState): FilterContext => ({
  now,
  rules: spec.rules,
  cordon: spec.cordon,
  localClaims: ties.localClaims,
  ...(ties.daemonSetsListed ? { daemonSets: ties.daemonSets } : {}),
});

/** What follows for a pod on blue, as the cluster is now. */
export const placeOf = (draft: Draft, pod: PodFact): Placed => {
  const { state } = draft;
  const sent = sentSince(state, pod);
  if (sent !== undefined) return { kind: "going", due: sent + LOST_AFTER_MS + 1 };
  return placeByVerdict(draft, pod, judgePod(pod, contextOf(state)));
};
