import type { Problem } from "../../../../../core/problem";
import type { WantedAtCloud } from "../../../../../operations/ports";
import type { Findings } from "../../../shared/live/sideBySide";
import { makeAnew, type Unmade, waitUntilGone } from "../../../shared/live/unmade";
import { agentPoolName } from "../../facts";
import type { AksCluster } from "./question";

/**
 * Agent pools of a former run whose machines Azure did not give. The provider states a failed one again, and AKS then
 * tries once more: nothing stands in the way of that.
 */
export const judgeUnmade = ({ toCome }: WantedAtCloud, { properties = {} }: AksCluster): Findings => {
  const found = toCome.flatMap(({ pool, generation }) => {
    const there = properties.agentPoolProfiles?.find(({ name }) => name === agentPoolName(generation));
    if (there === undefined) return [];
    const { code = "Failed", message = "AKS gives no reason" } = there.status?.provisioningError ?? {};
    return [{ pool, generation, state: there.provisioningState, said: `${code}: ${message}` }];
  });
  return {
    blockers: found.filter(({ state }) => state === "Deleting").map(leaving),
    warnings: found.filter(({ state }) => state === "Failed").map(unmade),
  };
};

const SOURCE = "https://learn.microsoft.com/rest/api/aks/agent-pools/get";

const leaving = ({ pool, generation }: Unmade): Problem => ({
  code: "Aks.PoolLeaving",
  path: `pools.${pool}`,
  message: `AKS is deleting ${generation}, which is wanted again`,
  fix: waitUntilGone(generation),
  source: SOURCE,
});

const unmade = (failed: Unmade): Problem => ({
  code: "Aks.PoolUnmade",
  path: `pools.${failed.pool}`,
  message: `AKS could not make ${failed.generation} in a former run: ${failed.said}`,
  fix: `\`pulumi up\` asks AKS for the same again; where that fails, ${makeAnew(failed)}`,
  source: SOURCE,
});
