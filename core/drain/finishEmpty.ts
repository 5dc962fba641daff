import { mayWork } from "./endings";
import type { DrainAction } from "./events";
import type { NodeFact } from "./facts";
import { leavingBalancers } from "./quiet";
import { compareText } from "./scope";
import { trappingNodes } from "./spreadTrap";
import type { DrainState } from "./state";
import type { Survey } from "./surveyed";

/** What failed, or does not show, is asked for again after this long. */
const ASK_AGAIN_MS = 5_000;

const due = (state: DrainState, nodes: readonly NodeFact[]): readonly NodeFact[] =>
  nodes
    .filter(({ name }) => state.now - (state.askedAt.get(name) ?? -Infinity) >= ASK_AGAIN_MS)
    .sort((a, b) => compareText(a.name, b.name));

/** What is left to be done with nodes that are empty: they leave their load balancers, and free others of their count. */
export const finishEmpty = (
  state: DrainState,
  survey: Survey,
): readonly [DrainState, readonly DrainAction[]] => {
  if (!mayWork(state)) return [state, []];
  const leaving = due(state, leavingBalancers(state, survey));
  const trapping = due(state, trappingNodes(state, survey));
  if (leaving.length + trapping.length === 0) return [state, []];
  const askedAt = [...leaving, ...trapping].reduce(
    (table, { name }) => table.with(name, state.now),
    state.askedAt,
  );
  const released = trapping.reduce((table, { name }) => table.with(name, true as const), state.released);
  return [
    { ...state, askedAt, released },
    [
      ...leaving.map(({ name: node }) => ({ kind: "leaveBalancers", node }) as const),
      ...trapping.map(({ name: node, uid }) => ({ kind: "deleteNode", node, uid }) as const),
    ],
  ];
};
