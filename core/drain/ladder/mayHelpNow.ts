import { closedGuards } from "../guards";
import type { DrainState } from "../state";
import type { Survey } from "../surveyed";

/** A successor could land on a node that is being left. */
const isBlueOpen = ({ spec }: DrainState, { open }: Survey): boolean =>
  spec.cordon && [...open.values()].some(({ cordoned, ready }) => !cordoned && ready);

const isRunning = ({ spec, synced, ending, outcome }: DrainState): boolean =>
  spec.ladder !== undefined && synced && ending === undefined && outcome === undefined;

/** The last look at the cluster while the ladder may act on it: as long as evictions may be made, and no longer. */
export const mayHelpNow = (state: DrainState): Survey | undefined => {
  const survey = isRunning(state) ? state.looked?.survey : undefined;
  if (survey === undefined || closedGuards(state.guards).length > 0) return undefined;
  return isBlueOpen(state, survey) ? undefined : survey;
};
