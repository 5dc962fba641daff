import type { Problem } from "../../../../../core/problem";
import type { WantedAtCloud } from "../../../../../operations/ports";
import type { Findings } from "../../../shared/live/sideBySide";
import { makeAnew, type Unmade } from "../../../shared/live/unmade";
import { agentPoolName } from "../../facts";
import type { AksCluster } from "./question";

/**
 * Agent pools of a former run whose machines Azure did not give. The provider states a failed one again, and AKS then
 * tries once more: nothing stands in the way of that.
 */
export const judgeUnmade = ({ toCome }: WantedAtCloud, { properties = {} }: AksCluster): Findings => {
  const warnings = toCome.flatMap(({ pool, generation }) => {
    const found = properties.agentPoolProfiles?.find(({ name }) => name === agentPoolName(generation));
    if (found?.provisioningState !== "Failed") return [];
    const { code = "Failed", message = "AKS gives no reason" } = found.status?.provisioningError ?? {};
    return [unmade({ pool, generation, said: `${code}: ${message}` })];
  });
  return { blockers: [], warnings };
};

const unmade = (failed: Unmade): Problem => ({
  code: "Aks.PoolUnmade",
  path: `pools.${failed.pool}`,
  message: `AKS could not make ${failed.generation} in a former run: ${failed.said}`,
  fix: `\`pulumi up\` asks AKS for the same again; where that fails, ${makeAnew(failed)}`,
  source: "https://learn.microsoft.com/rest/api/aks/agent-pools/get",
});
