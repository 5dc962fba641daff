import type { RefusalCode } from "../refusalCode";
import { rolloutWaitsFor } from "../rollout";
import type { SurgeRecord, Wave } from "../surgeRecord";
import {
  bluePods,
  FIRST_PATIENCE_MS,
  type FirstFacts,
  type FirstStep,
  greenPods,
  leave,
  unmarkedPods,
} from "./step";

/**
 * Scales to `baseline` and one successor for each blue pod, or for as many as green can take. The blue pods are marked
 * before: whoever counts a successor as Ready has then seen the marks.
 */
export const raise = (
  facts: FirstFacts,
  baseline: number,
  { stalls, got }: Pick<Wave, "stalls" | "got">,
): FirstStep => {
  const { run, now, room } = facts;
  const blue = bluePods(facts).length;
  const size = Math.floor(Math.min(blue, room.pods, got ?? Infinity));
  if (size < 1) return leave(room.code, room.why);
  const green = greenPods(facts).filter(({ ready }) => ready).length;
  const wave = { blue, green, stalls };
  const plan = { run, rung: "surge-first", baseline, surge: baseline + size, at: now } as const;
  if (unmarkedPods(facts).length > 0)
    return {
      kind: "record",
      record: { ...plan, wave: { ...wave, phase: "mark", ...(got === undefined ? {} : { got }) } },
    };
  const record: SurgeRecord = { ...plan, wave: { ...wave, phase: "up" } };
  const why = `${size} successors on green before as many of ${blue} pods leave blue`;
  return { kind: "scale", to: record.surge, record, why };
};

type Obstacle = (facts: FirstFacts) => readonly [code: RefusalCode, why: string] | false;

const OBSTACLES: readonly Obstacle[] = [
  ({ target }) =>
    target.kind !== "Deployment" && ["NOT_A_DEPLOYMENT", "only a Deployment lets marked pods go first"],
  ({ target, named }) =>
    target.gitOps !== undefined &&
    !named && ["GITOPS_OWNED", `${target.gitOps} would set it back; name it to allow it all the same`],
  ({ target }) =>
    target.strategy === "Recreate" && [
      "RECREATE",
      "its strategy is Recreate: two of its pods must not run at once",
    ],
  ({ target: { exclusiveClaims } }) =>
    exclusiveClaims.length > 0 && [
      "EXCLUSIVE_VOLUME",
      `only one node at a time can hold ${exclusiveClaims.join(", ")}`,
    ],
  ({ target }) =>
    target.scalers.length > 0 && [
      "AUTOSCALED",
      "its autoscaler would take the successors away again, or whichever pods it likes",
    ],
  ({ target }) => target.paused && ["PAUSED", "its rollout is paused"],
  ({ target }) => target.replicas < 1 && ["NO_PODS", "it wants no pods"],
];

const obstacleOf = (facts: FirstFacts): FirstStep | undefined => {
  for (const obstacle of OBSTACLES) {
    const found = obstacle(facts);
    if (found !== false) return leave(...found);
  }
  const why = rolloutWaitsFor(facts.target);
  if (why === undefined) return undefined;
  const until = facts.since + FIRST_PATIENCE_MS;
  const code = "ROLLOUT_IN_FLIGHT";
  return facts.now < until
    ? { kind: "wait", code, why: `its rollout goes on: ${why}`, until }
    : leave(code, `its rollout does not end: ${why}`);
};

/** The first wave, from a Deployment that nobody has surged. */
export const startWave = (facts: FirstFacts): FirstStep => {
  if (bluePods(facts).length === 0) return { kind: "done" };
  return obstacleOf(facts) ?? raise(facts, facts.target.replicas, { stalls: 0 });
};
