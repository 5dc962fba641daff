import type { SurgeRecord } from "../surgeRecord";
import { raise } from "./startWave";
import { bluePods, type FirstFacts, type FirstStep, leave, unmarkedPods } from "./step";

/** The number is still what it was, and goes up when every pod on blue bears its mark. */
export const marking = (facts: FirstFacts, { baseline, wave }: SurgeRecord): FirstStep => {
  if (baseline === null || wave === undefined) return leave("RECORD_LOST", "it says no number to go back to");
  if (facts.target.replicas !== baseline)
    return leave("NOT_OURS", `somebody else set its number to ${facts.target.replicas}: it stays so`);
  if (bluePods(facts).length === 0) return { kind: "done" };
  const unmarked = unmarkedPods(facts);
  return unmarked.length > 0 ? { kind: "mark", pods: unmarked } : raise(facts, baseline, wave);
};
