import { maxSurgeOf } from "../maxSurge";
import { cooldownOf, isDeployment, NOT_A_DEPLOYMENT, obstacleOf, SPENT } from "../obstacles";
import { PATIENCE_MS, type RungVerdict, type Situation, skip } from "../situation";
import { readSurge, type SurgeRecord } from "../surgeRecord";
import { AMPLE } from "../surgeRoom";
import { findHolder, type Holder, type Target } from "../target";

const CONFLICT = skip("TWO_AUTOSCALERS", "several autoscalers set its number: none of them is touched");

/** With a share, or a number that may be down, the need grows along with the pods. */
const uselessFor = ({ stuck }: Situation): RungVerdict | undefined => {
  if (stuck.code === "SINGLE") return undefined;
  if (stuck.code !== "BLOCKED_BY_SPEC") return skip("NOT_HELPED", "more pods do not free its budget");
  return typeof stuck.fact?.minAvailable === "number"
    ? undefined
    : skip(
        "RELATIVE_BUDGET",
        "its PDB asks for more as the pods get more; only an integer minAvailable does not",
      );
};

/** Pods without which the budget would still let none go. */
const leastOf = ({ stuck: { fact } }: Situation): number =>
  fact === undefined ? 1 : Math.max(1, fact.needed + 1 - fact.expected);

const sizeOf = (situation: Situation, target: Target): number | RungVerdict => {
  const cap = maxSurgeOf(target);
  if (!cap.ok) return skip("MAX_SURGE_INVALID", cap.problems[0]?.message ?? "");
  const least = leastOf(situation);
  const { room = AMPLE, stuck } = situation;
  if (cap.value < least)
    return skip(
      "MAX_SURGE_TOO_SMALL",
      `its maxSurge allows ${cap.value} more pods and ${least} would be needed`,
    );
  return room.pods < least
    ? skip(room.code, room.why)
    : Math.min(cap.value, room.pods, Math.max(least, stuck.pods.length));
};

const existing = (holder: Holder, record: SurgeRecord, now: number): RungVerdict => {
  const until = record.at + PATIENCE_MS;
  if (holder.value !== record.surge)
    return { kind: "act", action: { kind: "revert", holder }, why: "somebody else changed its number" };
  if (now >= until) return { kind: "act", action: { kind: "revert", holder }, why: "its surge did not help" };
  return { kind: "wait", code: "SURGED", why: `its number is ${record.surge} for a while`, until };
};

const begin = (situation: Situation, target: Target, holder: Holder): RungVerdict => {
  const size = sizeOf(situation, target);
  if (typeof size !== "number") return size;
  const surge = target.replicas + size;
  if (surge > (holder.maximum ?? Infinity))
    return skip("AT_MAXIMUM", `its ${holder.kind} allows ${String(holder.maximum)} pods and it has them`);
  const { run, now } = situation;
  const record: SurgeRecord = { run, rung: "surge", baseline: holder.value ?? null, surge, at: now };
  const what = holder.kind === target.kind ? "number" : "minimum";
  const why = `${size} more for a while (${what} ${String(record.baseline ?? "unset")} to ${surge})`;
  return { kind: "act", action: { kind: "surge", holder, record }, why };
};

const allowed = (situation: Situation, target: Target, holder: Holder): RungVerdict => {
  if (target.replicas < 1) return skip("NO_PODS", "it wants no pods");
  if (holder.gitOps !== undefined && situation.permission.get("surge") !== "named")
    return skip("GITOPS_OWNED", `${holder.gitOps} would set it back; name it to allow it all the same`);
  return cooldownOf(situation) ?? begin(situation, target, holder);
};

/** A few pods more than it wants, so that its budget lets the old ones go; taken back later. */
export const surgeRung = (situation: Situation): RungVerdict => {
  if (!isDeployment(situation)) return NOT_A_DEPLOYMENT;
  const holder = findHolder(situation.target);
  if (holder === undefined) return CONFLICT;
  const record = readSurge(holder);
  if (record === "lost") return skip("RECORD_LOST", "the record of a former surge cannot be read");
  if (record !== undefined) return existing(holder, record, situation.now);
  if (situation.memory.spent.has("surge")) return SPENT;
  return (
    uselessFor(situation) ?? obstacleOf(situation, "surge") ?? allowed(situation, situation.target, holder)
  );
};
