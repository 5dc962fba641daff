import type { SurgeRecord } from "../surgeRecord";
import {
  FIRST_PATIENCE_MS,
  type FirstFacts,
  type FirstStep,
  greenPods,
  leave,
  presentPods,
  unmarkedPods,
} from "./step";

/** Every pod that the surge asked for is there, and all of them that stay are Ready. */
const isUp = (facts: FirstFacts, { surge }: SurgeRecord): boolean =>
  presentPods(facts).length === surge && greenPods(facts).every(({ ready }) => ready);

const lower = (facts: FirstFacts, record: SurgeRecord, why: string): FirstStep => {
  const { baseline, wave } = record;
  if (baseline === null || wave === undefined) return leave("RECORD_LOST", "it says no number to go back to");
  const ready = greenPods(facts).filter(pod => pod.ready).length;
  const got = Math.max(0, ready - wave.green);
  return {
    kind: "scale",
    to: baseline,
    record: { ...record, at: facts.now, wave: { ...wave, phase: "down", got } },
    why,
  };
};

/**
 * Its controller, which learns of pods in the order of their changes, has counted every successor: so it knows the
 * marks, which came before them. A number that goes back sooner could take any of the Ready pods.
 */
const isCounted = (facts: FirstFacts): boolean =>
  facts.target.counts.ready >= presentPods(facts).filter(({ ready }) => ready).length;

/**
 * A ReplicaSet lets go of pods that are not Ready before it looks at deletion costs. So the number goes back when all
 * on green are Ready; or, out of patience, all the same: what did not get Ready goes then, and for each of these one
 * blue pod stays.
 */
export const rising = (facts: FirstFacts, record: SurgeRecord): FirstStep => {
  if (facts.target.replicas !== record.surge)
    return leave("NOT_OURS", `somebody else set its number to ${facts.target.replicas}: it stays so`);
  const unmarked = unmarkedPods(facts);
  if (unmarked.length > 0) return { kind: "mark", pods: unmarked };
  const until = record.at + FIRST_PATIENCE_MS;
  if (isUp(facts, record) && facts.now < until)
    return isCounted(facts)
      ? lower(facts, record, "all successors are Ready: the pods on blue go")
      : {
          kind: "wait",
          code: "NOT_COUNTED",
          why: "its controller has not seen all of them",
          until,
          looks: true,
        };
  if (facts.now >= until) return lower(facts, record, "not all successors got Ready in time");
  return { kind: "wait", code: "SUCCESSORS_START", why: "its successors are not all Ready yet", until };
};
