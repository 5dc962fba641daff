import type { NodeFact } from "./facts";
import { isOpen } from "./nodes";
import type { DrainState } from "./state";
import type { Survey } from "./surveyed";

/** Empty, closed, and so for long enough that a pod that was bound just before the cordon would show. */
const isQuiet = (state: DrainState, { attached }: Survey, node: NodeFact): boolean => {
  const empty = state.emptySince.get(node.name);
  if (empty === undefined || isOpen(state, node) || attached.has(node.name)) return false;
  const since = Math.min(empty, state.cordonedSince.get(node.name) ?? empty);
  return state.now - since >= state.spec.quietMs;
};

/** When load balancers have taken the node out; undefined while it has not been asked for. */
export const deregisteredAt = ({ spec }: Pick<DrainState, "spec">, node: NodeFact): number | undefined => {
  if (spec.balancers !== true) return -Infinity;
  return node.leftBalancersAt === undefined
    ? undefined
    : node.leftBalancersAt + (spec.rules.deregistrationSeconds ?? 0) * 1000;
};

/** No load balancer sends to it any more. */
export const hasDeregistered = (state: DrainState, node: NodeFact): boolean =>
  state.now >= (deregisteredAt(state, node) ?? Infinity);

/** Nothing is left to be done with this node. */
export const isDone = (state: DrainState, survey: Survey, node: NodeFact): boolean =>
  isQuiet(state, survey, node) && hasDeregistered(state, node);

/** Nodes that are to leave their load balancers now. */
export const leavingBalancers = (state: DrainState, survey: Survey): readonly NodeFact[] =>
  state.spec.balancers === true
    ? [...survey.blue.values()].filter(
        node => node.leftBalancersAt === undefined && isQuiet(state, survey, node),
      )
    : [];

/** True while a load balancer is given its time: that is no standstill. */
export const isDeregistering = (state: DrainState, { blue }: Survey): boolean =>
  state.spec.balancers === true &&
  [...blue.values()].some(
    node =>
      node.leftBalancersAt !== undefined && !hasDeregistered(state, node) && state.emptySince.has(node.name),
  );
