import { rolloutWaitsFor } from "./rollout";
import type { Rung } from "./rules";
import { COOLDOWN_MS, PATIENCE_MS, type RungVerdict, type Situation, skip } from "./situation";
import type { Target } from "./target";

type Known = Situation & { readonly target: Target };
type Obstacle = (target: Target, situation: Situation, rung: Rung) => RungVerdict | undefined;

const gitOps: Obstacle = (target, { permission }, rung) =>
  target.gitOps === undefined || permission.get(rung) === "named"
    ? undefined
    : skip("GITOPS_OWNED", `${target.gitOps} would set it back; name it to allow it all the same`);

const recreate: Obstacle = ({ strategy }) =>
  strategy === "Recreate"
    ? skip("RECREATE", "its strategy is Recreate: two of its pods must not run at once")
    : undefined;

const volumes: Obstacle = ({ exclusiveClaims }) =>
  exclusiveClaims.length === 0
    ? undefined
    : skip("EXCLUSIVE_VOLUME", `only one node at a time can hold ${exclusiveClaims.join(", ")}`);

const paused: Obstacle = target => (target.paused ? skip("PAUSED", "its rollout is paused") : undefined);

const inFlight: Obstacle = (target, { stuck, now }) => {
  const why = rolloutWaitsFor(target);
  if (why === undefined) return undefined;
  const until = stuck.since + PATIENCE_MS;
  const code = "ROLLOUT_IN_FLIGHT";
  return now < until
    ? { kind: "wait", code, why: `its rollout goes on: ${why}`, until }
    : skip(code, `its rollout does not end: ${why}`);
};

const OBSTACLES: readonly Obstacle[] = [gitOps, recreate, volumes, paused, inFlight];

/** What stands against making more pods of this workload; undefined = nothing. */
export const obstacleOf = (situation: Known, rung: Rung): RungVerdict | undefined => {
  for (const obstacle of OBSTACLES) {
    const found = obstacle(situation.target, situation, rung);
    if (found !== undefined) return found;
  }
  return undefined;
};

/** Two changes of one workload are never made right after each other. */
export const cooldownOf = ({ memory, now }: Situation): RungVerdict | undefined => {
  const until = (memory.lastAt ?? -Infinity) + COOLDOWN_MS;
  return now < until
    ? { kind: "wait", code: "COOLDOWN", why: "it was changed a moment ago", until }
    : undefined;
};

export const isDeployment = (situation: Situation): situation is Known =>
  situation.target?.kind === "Deployment";

export const NOT_A_DEPLOYMENT = skip("NOT_A_DEPLOYMENT", "only a Deployment makes successors first");

export const SPENT = skip("SPENT", "it was tried in this run and did not help");
