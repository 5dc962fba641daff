import { compareVersions, minorsBetween } from "../versions";
import { refuseBy } from "./rules";
import type { PoolProperties } from "./state";

export const checkBounds = (pool: PoolProperties): void => {
  if (pool.enableAutoScaling === true) checkScaled(pool);
  else if ((pool.minCount ?? pool.maxCount) !== undefined)
    refuseBy("boundsInOrder", "InvalidParameter", "minCount and maxCount need enableAutoScaling.");
};

const checkScaled = ({ count = 1, minCount: min = 0, maxCount: max = 0 }: PoolProperties): void => {
  if (count < min || count > max || max < 1)
    refuseBy(
      "boundsInOrder",
      "InvalidParameter",
      `count ${count} must lie between minCount ${min} and maxCount ${max}.`,
    );
};

export const checkMode = ({ mode, count = 1, minCount = 1 }: PoolProperties): void => {
  if (mode === "System" && Math.min(count, minCount) < 1)
    refuseBy("systemPoolNode", "InvalidParameter", "A system pool must have at least one node.");
};

export const checkVersion = (plane: string, version: string): void => {
  if (compareVersions(version, plane) > 0)
    refuseBy(
      "poolNotNewer",
      "BadRequest",
      `Node pool version ${version} and control plane version ${plane} are incompatible.`,
    );
  if (minorsBetween(version, plane) > 3)
    refuseBy("poolsTrailThree", "BadRequest", `Node pool version ${version} is too old for ${plane}.`);
};
