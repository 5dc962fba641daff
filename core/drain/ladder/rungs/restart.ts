import { maxSurgeOf } from "../maxSurge";
import { cooldownOf, isDeployment, NOT_A_DEPLOYMENT, obstacleOf, SPENT } from "../obstacles";
import { readRestart } from "../restartRecord";
import { rolloutWaitsFor } from "../rollout";
import { PATIENCE_MS, type RungVerdict, type Situation, skip } from "../situation";
import type { StuckCode } from "../stuck";
import { AMPLE } from "../surgeRoom";
import type { Target } from "../target";

/** A Deployment's own rollout asks no budget, so it frees these; pods that cannot get Ready would end it half-way. */
const HELPED: ReadonlySet<StuckCode> = new Set<StuckCode>([
  "BLOCKED_BY_SPEC",
  "SYNC_FAILED",
  "MULTIPLE_PDBS",
  "SINGLE",
]);

/** One restart a run: the second would move the same pods again. */
const ours = (target: Target, { run, now }: Situation): RungVerdict | undefined => {
  const record = readRestart(target);
  if (record?.run !== run) return undefined;
  const why = rolloutWaitsFor(target);
  const until = record.at + PATIENCE_MS;
  return why !== undefined && now < until
    ? { kind: "wait", code: "RESTARTING", why: `its restart goes on: ${why}`, until }
    : SPENT;
};

/** One place is enough: each old pod that goes makes room for the next, in its quota at least. */
const begin = (target: Target, { room = AMPLE }: Situation): RungVerdict => {
  const cap = maxSurgeOf(target);
  if (!cap.ok) return skip("MAX_SURGE_INVALID", cap.problems[0]?.message ?? "");
  if (cap.value < 1)
    return skip("MAX_SURGE_ZERO", "with maxSurge 0 its rollout takes pods away before it makes new ones");
  return room.pods < 1
    ? skip(room.code, room.why)
    : {
        kind: "act",
        action: { kind: "restart", target, more: cap.value },
        why: "its own rollout makes the successors first",
      };
};

/** All its pods anew by its own rollout: the successors first, on green, because blue takes none. */
export const restartRung = (situation: Situation): RungVerdict => {
  if (!isDeployment(situation)) return NOT_A_DEPLOYMENT;
  const { target, stuck, memory } = situation;
  if (memory.spent.has("rollout-restart")) return SPENT;
  if (!HELPED.has(stuck.code)) return skip("NOT_HELPED", "a rollout needs pods that get Ready");
  return (
    ours(target, situation) ??
    obstacleOf(situation, "rollout-restart") ??
    cooldownOf(situation) ??
    begin(target, situation)
  );
};
