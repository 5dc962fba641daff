import type { PodFact } from "../../facts";
import { type PodRef, type RungVerdict, type Situation, skip } from "../situation";

/** A pod that is not Ready for this long after its creation is taken as broken, not as starting. */
const BROKEN_AFTER_MS = 60_000;

const isUnready = ({ ready, phase, deletingSince }: PodFact): boolean =>
  !ready && phase !== "Pending" && deletingSince === undefined;

export const podRef = ({ uid, namespace, name, node }: PodFact): PodRef => ({
  uid,
  namespace,
  name,
  node: node ?? "",
});

/** Deletes pods that are not Ready and that their budget keeps because of just that. They serve nobody. */
export const unhealthyRung = ({ stuck, now }: Situation): RungVerdict => {
  if (stuck.code !== "UNHEALTHY_DEADLOCK")
    return skip("NOT_HELPED", "it is not held because of pods that are not Ready");
  const unready = stuck.pods.filter(isUnready);
  const broken = unready.filter(({ createdAt }) => now - createdAt > BROKEN_AFTER_MS);
  if (broken.length > 0)
    return {
      kind: "act",
      action: { kind: "deleteUnhealthy", pods: broken.map(podRef) },
      why: `${broken.length} not Ready, and held because of that`,
    };
  if (unready.length === 0) return skip("NONE_UNHEALTHY", "none of its pods on these nodes is broken");
  const until = Math.min(...unready.map(({ createdAt }) => createdAt)) + BROKEN_AFTER_MS + 1;
  return { kind: "wait", code: "STARTING", why: "its pods may still be starting", until };
};
