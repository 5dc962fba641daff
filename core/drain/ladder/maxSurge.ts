import { accept, refuse, type Result } from "../../result";
import type { Target } from "./target";

const DEFAULT = "25%";
const PERCENT = /^(\d+)%$/;

const invalid = (target: Target): Result<never> =>
  refuse([
    {
      code: "Drain.MaxSurge",
      path: `${target.namespace}/${target.name}`,
      message: `its maxSurge is ${JSON.stringify(target.maxSurge)}; allowed are a number of pods or a percentage`,
      fix: "correct its rolling update strategy",
    },
  ]);

const amountOf = (wish: number | string, replicas: number): number | undefined => {
  if (typeof wish === "number") return Number.isInteger(wish) && wish >= 0 ? wish : undefined;
  const [, percent] = PERCENT.exec(wish) ?? [];
  return percent === undefined ? undefined : Math.ceil((replicas * Number(percent)) / 100);
};

/** How many pods more than it wants its owner lets it have for a while; a share is rounded up. */
export const maxSurgeOf = (target: Target): Result<number> => {
  if (target.strategy === "Recreate") return accept(0);
  const amount = amountOf(target.maxSurge ?? DEFAULT, target.replicas);
  return amount === undefined ? invalid(target) : accept(amount);
};
