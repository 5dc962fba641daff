import type { AttachmentFact, BudgetFact, DaemonSetFact, NodeFact, PodFact, WorkloadFact } from "./facts";
import type { Attempt } from "./attempts";
import type { DrainState, Looked } from "./state";
import { formerValues } from "./versioned";

type Former<T> = ReadonlyMap<string, T | undefined>;

/** What moved since the last look: each key with what it had then. */
export interface Drift {
  readonly pods: Former<PodFact>;
  readonly budgets: Former<BudgetFact>;
  readonly workloads: Former<WorkloadFact>;
  readonly nodes: Former<NodeFact>;
  readonly attachments: Former<AttachmentFact>;
  readonly daemonSets: Former<DaemonSetFact>;
  readonly localClaims: Former<string>;
  readonly attempts: Former<Attempt>;
  readonly memories: Iterable<string>;
  readonly returns: Iterable<string>;
  readonly peaks: Iterable<string>;
}

type Drafted = { [K in keyof Drift]: Drift[K] | undefined };

const isComplete = (drift: Drafted): drift is Drift => Object.values(drift).every(part => part !== undefined);

const isAnotherLook = ({ seen }: Looked, state: DrainState): boolean =>
  seen.spec !== state.spec ||
  seen.chosen !== state.chosen ||
  seen.now > state.now ||
  seen.world.ties.daemonSetsListed !== state.world.ties.daemonSetsListed;

/** Undefined when the state does not descend from the one that was looked at: then everything has to be looked at. */
export const driftSince = (looked: Looked, state: DrainState): Drift | undefined => {
  if (isAnotherLook(looked, state)) return undefined;
  const { seen } = looked;
  const { world } = state;
  const drift: Drafted = {
    pods: formerValues(seen.world.pods, world.pods),
    budgets: formerValues(seen.world.budgets, world.budgets),
    workloads: formerValues(seen.world.workloads, world.workloads),
    nodes: formerValues(seen.world.nodes, world.nodes),
    attachments: formerValues(seen.world.attachments, world.attachments),
    daemonSets: formerValues(seen.world.ties.daemonSets, world.ties.daemonSets),
    localClaims: formerValues(seen.world.ties.localClaims, world.ties.localClaims),
    attempts: formerValues(seen.attempts, state.attempts),
    memories: formerValues(seen.budgets, state.budgets)?.keys(),
    returns: formerValues(seen.returns, state.returns)?.keys(),
    peaks: formerValues(seen.peaks, state.peaks)?.keys(),
  };
  return isComplete(drift) ? drift : undefined;
};

/** As if nothing had ever been looked at; what is remembered is looked at too, or it would outlive what it is about. */
export const everything = ({ world, ...state }: DrainState): Drift => {
  const all = <T>(table: { keys(): Iterable<string> }): Former<T> =>
    new Map([...table.keys()].map(key => [key, undefined]));
  return {
    pods: all<PodFact>(new Set([...world.pods.keys(), ...state.blockedSince.keys()])),
    budgets: new Map(),
    workloads: new Map(),
    nodes: all(world.nodes),
    attachments: all(world.attachments),
    daemonSets: new Map(),
    localClaims: new Map(),
    attempts: state.attempts,
    memories: state.budgets.keys(),
    returns: [],
    peaks: state.targets.keys(),
  };
};
