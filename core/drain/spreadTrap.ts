import type { NodeFact } from "./facts";
import { isDone } from "./quiet";
import type { DrainState } from "./state";
import type { Survey } from "./surveyed";

/** As the scheduler says it. */
const BY_SPREAD = /topology spread constraints/;

/** A pod made since the start waits because emptied nodes count as free places in its topology spread. */
const isTrapped = ({ watch }: DrainState): boolean => {
  for (const { kind, reason } of watch.ailing.values())
    if (kind === "unschedulable" && BY_SPREAD.test(reason)) return true;
  return false;
};

/** Emptied nodes whose objects hold others in the trap, if their user allows to give them up. */
export const trappingNodes = (state: DrainState, survey: Survey): readonly NodeFact[] =>
  state.spec.rules.deleteEmptyNodes === true && isTrapped(state)
    ? [...survey.blue.values()].filter(node => isDone(state, survey, node))
    : [];
