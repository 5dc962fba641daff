import type { PodFact } from "../../facts";
import { compareText } from "../../scope";
import { fullName } from "../../world";
import type { ForceRules } from "../rules";
import { type RungVerdict, type Situation, skip } from "../situation";
import { podRef } from "./unhealthy";

const wait = (code: string, why: string, until?: number): RungVerdict => ({
  kind: "wait",
  code,
  why,
  ...(until === undefined ? {} : { until }),
});

const seconds = (value: number): number => value * 1_000;

const dueOf = (sibling: PodFact, rules: ForceRules): number =>
  sibling.createdAt +
  seconds(sibling.ready ? rules.minHealthySiblingAgeSeconds : rules.minUnhealthySiblingAgeSeconds);

/** The sibling that is too young for longest. */
const youngSibling = (
  siblings: readonly PodFact[],
  rules: ForceRules,
  now: number,
): RungVerdict | undefined => {
  const young = siblings
    .map(sibling => ({ sibling, until: dueOf(sibling, rules) }))
    .filter(({ until }) => now < until)
    .sort((a, b) => b.until - a.until || compareText(a.sibling.name, b.sibling.name))[0];
  return young === undefined
    ? undefined
    : wait("SIBLING_YOUNG", `${fullName(young.sibling)} of the same budget is too young`, young.until);
};

/** Not-Ready pods first, then the oldest. */
const byLoss = (a: PodFact, b: PodFact): number =>
  Number(a.ready) - Number(b.ready) || a.createdAt - b.createdAt || compareText(a.name, b.name);

const isHere = ({ deletingSince, phase }: PodFact): boolean =>
  deletingSince === undefined && phase !== "Succeeded" && phase !== "Failed";

const notYet = ({ stuck, lastForced, force, now }: Situation): RungVerdict | undefined => {
  const grace = stuck.since + seconds(force.afterSeconds);
  if (now < grace) return wait("IN_GRACE", "its budget has not held it for long enough", grace);
  const interval = (lastForced ?? -Infinity) + seconds(force.everySeconds);
  if (now < interval) return wait("FORCED_RECENTLY", "a pod of this budget was forced a while ago", interval);
  const going = [...stuck.siblings, ...stuck.pods].find(({ deletingSince }) => deletingSince !== undefined);
  return going === undefined
    ? undefined
    : wait("ONE_AT_A_TIME", `${fullName(going)} of the same budget is still going`);
};

const candidate = (situation: Situation): PodFact | RungVerdict => {
  const { stuck, force, now } = situation;
  const present = stuck.pods.filter(isHere);
  const pod = present
    .filter(({ createdAt }) => now - createdAt >= seconds(force.minPodAgeSeconds))
    .sort(byLoss)[0];
  if (pod !== undefined) return pod;
  if (present.length === 0) return skip("NOTHING_HELD", "no pod of it is left");
  const until = Math.min(...present.map(({ createdAt }) => createdAt)) + seconds(force.minPodAgeSeconds);
  return wait("POD_YOUNG", "its pods are too young", until);
};

/**
 * Deletes one pod past its budget: one per budget at a time, never soon after another, with the pod's own grace, which
 * is at least a second: at 0 its successor could run beside it.
 */
export const forceRung = (situation: Situation): RungVerdict => {
  const { stuck, force, now } = situation;
  if (stuck.code === "SINGLE") return skip("NOT_HELD", "no budget holds it");
  const early = notYet(situation);
  if (early !== undefined) return early;
  const pod = candidate(situation);
  if ("kind" in pod) return pod;
  const others = [...stuck.siblings, ...stuck.pods].filter(other => other.uid !== pod.uid && isHere(other));
  return (
    youngSibling(others, force, now) ?? {
      kind: "act",
      action: {
        kind: "force",
        pod: podRef(pod),
        budget: stuck.key,
        graceSeconds: Math.max(1, pod.graceSeconds),
        everySeconds: force.everySeconds,
      },
      why: `${fullName(pod)} is deleted although ${stuck.budget} holds it`,
    }
  );
};
