import { firstPodsOf } from "../../../core/drain/ladder/findFirst";
import type { WorkloadFact } from "../../../core/drain/facts";
import { workloadCalled } from "../../../core/drain/world";
import type { LiveLadder, Round } from "./live";
import { type HolderRef, revertOne } from "./revert";

/** Nothing of it is left on blue, and all it has is Ready: what is too much can go. */
const isThrough = ({ state, survey }: Round, workload: WorkloadFact): boolean => {
  const pods = firstPodsOf(workload, state, survey).filter(({ gone }) => !gone);
  return pods.every(({ blue, ready }) => ready && !blue) && pods.length >= workload.desired;
};

type Entry = readonly [key: string, holder: HolderRef];

const finish = async (live: LiveLadder, round: Round, [key, holder]: Entry): Promise<void> => {
  const workload = workloadCalled(key, round.state.world);
  if (!live.mayAct() || (workload !== undefined && !isThrough(round, workload))) return;
  const fate = await revertOne(live.kube, holder);
  live.surges.delete(key);
  live.owed.settle(holder);
  if (workload !== undefined && fate !== undefined) await live.chronicle.tell(workload, "surge", fate);
};

/** Takes back the surges that have done their work. What fails is tried again with the next look. */
export const surgeRound = async (live: LiveLadder, round: Round): Promise<void> => {
  for (const entry of live.surges) await finish(live, round, entry).catch(() => undefined);
};
