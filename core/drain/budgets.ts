import type { BudgetFact, PodFact } from "./facts";
import { handlesFor } from "./handles";
import { matchesLabels } from "./labels";
import { type BudgetMemory, NO_MEMORY, type Unseen } from "./attempts";
import type { DrainState } from "./state";
import type { Budget, WorkloadCount } from "./surveyed";
import { membersOf } from "./versioned";
import { desiredOf, syntheticLimit } from "./workloads";
import { fullName, type World } from "./world";

const PDB = "pdb:";
const OWN = "own:";

export const pdbKey = (fact: { readonly namespace: string; readonly name: string }): string =>
  `${PDB}${fullName(fact)}`;

export const ownKey = (workload: string): string => `${OWN}${workload}`;

/** The PDB of a lane; undefined for a budget of our own, and for one that is gone. */
export const pdbFact = (world: World, key: string): BudgetFact | undefined =>
  key.startsWith(PDB) ? world.budgets.get(world.budgetNames.get(key.slice(PDB.length)) ?? "") : undefined;

/** The PDBs that select the pod. */
export const pdbsOf = (pod: PodFact, world: World): readonly BudgetFact[] => {
  const found: BudgetFact[] = [];
  for (const handle of handlesFor(pod)) {
    for (const uid of membersOf(world.budgetsByHandle, handle)) {
      const fact = world.budgets.get(uid);
      if (fact !== undefined && matchesLabels(fact.selector, pod.labels)) found.push(fact);
    }
  }
  return found;
};

const pdbBudget = (fact: BudgetFact): Budget => ({
  kind: "pdb",
  key: pdbKey(fact),
  name: `PDB ${fullName(fact)}`,
  fact,
});

const ownBudget = (count: WorkloadCount, state: DrainState): Budget => {
  const [namespace = "", kind = "", name = ""] = count.workload.key.split("/");
  return {
    kind: "own",
    key: ownKey(count.workload.key),
    name: `${kind} ${namespace}/${name} (no PDB)`,
    count,
    desired: desiredOf(count, state),
  };
};

/** The budget of a lane as it is now; undefined when what it is made of is gone. */
export const budgetOf = (
  state: DrainState,
  key: string,
  counts: ReadonlyMap<string, WorkloadCount>,
): Budget | undefined => {
  const fact = pdbFact(state.world, key);
  if (fact !== undefined) return pdbBudget(fact);
  const count = key.startsWith(OWN) ? counts.get(key.slice(OWN.length)) : undefined;
  return count === undefined ? undefined : ownBudget(count, state);
};

/** How many pods may be down at once when all is well. */
export const limitOf = (budget: Budget): number =>
  budget.kind === "pdb"
    ? Math.max(1, budget.fact.expected - budget.fact.needed)
    : syntheticLimit(budget.count.workload.kind, budget.desired);

type Clocked = Pick<DrainState, "world" | "now">;

const isParked = (fact: BudgetFact, memory: BudgetMemory, now: number): boolean =>
  memory.parked?.resourceVersion === fact.resourceVersion && now < memory.parked.until;

/** An eviction that the status of its budget still does not show after this long never touched it. */
const UNSEEN_EXPIRES_MS = 10_000;

/** Words of different watches may overtake each other by this much. */
const OVERTAKING_MS = 1_000;

/** A budget counts an eviction before its pod begins to end: a later word has counted it, though it may not name it. */
const isCounted = ({ now }: Clocked, mark: Unseen): boolean =>
  mark.toldSinceEnding && now - mark.at >= OVERTAKING_MS;

const isInFlight = ({ inFlight }: BudgetMemory, { uid }: Unseen): boolean =>
  inFlight.some(call => call.uid === uid);

/** Of the marks, those that still mean something: while a call is on its way it may take its slot at any moment. */
export const freshMarks = (memory: BudgetMemory, now: number): BudgetMemory["unseen"] =>
  memory.unseen.filter(mark => now - mark.at < UNSEEN_EXPIRES_MS || isInFlight(memory, mark));

const mayTakeSlot = ({ world }: Clocked, { uid, onlyIfReady }: Unseen): boolean =>
  !onlyIfReady || world.pods.get(uid)?.ready === true;

const unseenOf = (state: Clocked, memory: BudgetMemory): number =>
  freshMarks(memory, state.now)
    .filter(mark => mayTakeSlot(state, mark))
    .filter(mark => isInFlight(memory, mark) || !isCounted(state, mark)).length;

const pdbSlots = (state: Clocked, fact: BudgetFact, memory: BudgetMemory): number =>
  !fact.observed || isParked(fact, memory, state.now)
    ? 0
    : Math.max(0, fact.allowed - unseenOf(state, memory));

/** Slots of a budget of our own; below 0 when more are down than may be. */
export const ownSlots = (budget: Extract<Budget, { kind: "own" }>): number =>
  limitOf(budget) - Math.max(0, budget.desired - budget.count.available);

/** How many Ready pods may be evicted now. */
export const slotsOf = (state: Clocked, budget: Budget, memory: BudgetMemory): number =>
  budget.kind === "pdb" ? pdbSlots(state, budget.fact, memory) : Math.max(0, ownSlots(budget));

/** Moments at which time alone gives a budget its slots back. */
export const slotMoments = ({ parked, unseen }: BudgetMemory): readonly number[] => [
  ...(parked === undefined ? [] : [parked.until]),
  ...unseen.flatMap(({ at }) => [at + OVERTAKING_MS, at + UNSEEN_EXPIRES_MS]),
];

/**
 * True when the eviction of this pod takes nothing from the PDB, or from a budget of our own if there is none: the pod
 * serves nobody now.
 */
export const isFree = (pod: PodFact, fact: BudgetFact | undefined): boolean => {
  if (pod.ready) return false;
  if (fact === undefined || pod.phase === "Pending") return true;
  if (!fact.observed) return false;
  return fact.alwaysAllowUnhealthy || (fact.needed > 0 && fact.healthy >= fact.needed);
};

export const memoryOf = (state: Pick<DrainState, "budgets">, key: string): BudgetMemory =>
  state.budgets.get(key) ?? NO_MEMORY;

export const needsAndHas = (budget: Budget): { readonly needs: number; readonly has: number } =>
  budget.kind === "pdb"
    ? { needs: budget.fact.needed, has: budget.fact.healthy }
    : { needs: Math.max(0, budget.desired - limitOf(budget)), has: budget.count.available };
