import type { Problem } from "../../../../../core/problem";
import type { WantedAtCloud } from "../../../../../operations/ports";
import type { Findings } from "../../../shared/live/sideBySide";
import { makeAnew, type Unmade, waitUntilGone } from "../../../shared/live/unmade";
import { nodePoolName } from "../../facts";
import type { GkeCluster, GkePool } from "../found";

/**
 * Node pools of a former run whose machines Compute Engine did not give. The provider says no more of them than "was
 * created in the error state" (hashicorp/google, resource_container_node_pool.go).
 */
export const judgeUnmade = ({ toCome }: WantedAtCloud, { nodePools = [] }: GkeCluster): Findings => {
  const failed = toCome.flatMap(({ pool, generation }) => {
    const found = nodePools.find(({ name }) => name === nodePoolName(generation));
    return found === undefined ? [] : [{ pool, generation, status: found.status, said: wordsOf(found) }];
  });
  return {
    blockers: [
      ...failed.filter(({ status }) => status === "ERROR").map(unmade),
      ...failed.filter(({ status }) => status === "STOPPING").map(leaving),
    ],
    warnings: failed.filter(({ status }) => status === "RUNNING_WITH_ERROR").map(short),
  };
};

const wordsOf = ({ status = "", statusMessage = "", conditions = [] }: GkePool): string => {
  const reasons = conditions.map(({ code, canonicalCode, message = "" }) =>
    [code ?? canonicalCode ?? "", message].filter(text => text !== "").join(": "),
  );
  return [status, ...(reasons.length > 0 ? reasons : [statusMessage])].join("; ");
};

const SOURCE =
  "https://docs.cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools#Status";

const unmade = (failed: Unmade): Problem => ({
  code: "Gke.PoolUnmade",
  path: `pools.${failed.pool}`,
  message: `GKE could not make ${failed.generation} in a former run: ${failed.said}`,
  fix: makeAnew(failed),
  source: SOURCE,
});

const leaving = ({ pool, generation, said }: Unmade): Problem => ({
  code: "Gke.PoolLeaving",
  path: `pools.${pool}`,
  message: `GKE is deleting ${generation}, which is wanted again: ${said}`,
  fix: waitUntilGone(generation),
  source: SOURCE,
});

/** GKE goes on asking for the machines that are missing. */
const short = (failed: Unmade): Problem => ({
  code: "Gke.PoolShort",
  path: `pools.${failed.pool}`,
  message: `${failed.generation} is there without all of its machines: ${failed.said}`,
  fix: `this \`pulumi up\` waits for them; or ${makeAnew(failed)}`,
  source: SOURCE,
});
