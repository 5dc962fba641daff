import type { SurgeRecord } from "../surgeRecord";
import { raise } from "./startWave";
import { bluePods, FIRST_PATIENCE_MS, type FirstFacts, type FirstStep, leave, presentPods } from "./step";

/** A ReplicaSet that once let others go than those we marked may have seen the marks too late. */
const MOST_STALLS = 1;

const goOn = (facts: FirstFacts, record: SurgeRecord): FirstStep => {
  const { baseline, wave } = record;
  if (baseline === null || wave === undefined) return leave("RECORD_LOST", "it says no number to go back to");
  if (wave.got === 0) return leave("NO_NEW_PODS", "none of its successors got Ready in time");
  const stalls = bluePods(facts).length < wave.blue ? 0 : wave.stalls + 1;
  if (stalls > MOST_STALLS) return leave("OTHERS_WENT", "other pods went than those on blue, twice");
  return raise(facts, baseline, { stalls, ...(wave.got === undefined ? {} : { got: wave.got }) });
};

/** The number is back; the next wave begins when the ReplicaSet has let go of what is too much. */
export const falling = (facts: FirstFacts, record: SurgeRecord): FirstStep => {
  if (facts.target.replicas !== record.baseline)
    return leave("NOT_OURS", `somebody else set its number to ${facts.target.replicas}: it stays so`);
  if (bluePods(facts).length === 0) return { kind: "done" };
  const surplus = presentPods(facts).length - facts.target.replicas;
  if (surplus <= 0) return goOn(facts, record);
  const until = record.at + FIRST_PATIENCE_MS;
  return facts.now < until
    ? { kind: "wait", code: "PREDECESSORS_GO", why: `${surplus} pods are about to go`, until }
    : leave("NOBODY_GOES", "its ReplicaSet lets no pod go");
};
