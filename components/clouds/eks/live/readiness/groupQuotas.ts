import type { Problem } from "../../../../../core/problem";
import { nodeGroupName } from "../../facts";
import { listGroupNames } from "../adopted";
import { type Findings, allOf, NOTHING } from "../../../shared/live/sideBySide";
import { blocked } from "./findings";
import type { Question } from "./question";
import { readQuota } from "./quotas";

const QUOTA_URL = "https://docs.aws.amazon.com/general/latest/gr/eks.html";
/** Codes and AWS's own defaults, which hold where no other value was ever applied. */
const GROUPS = { code: "L-6D54EA21", value: 30 };
const NODES = { code: "L-BD136A63", value: 450 };

/** Whether EKS takes one more node group for each pool that moves, and as many nodes in it. */
export const checkGroups = async (question: Question): Promise<Findings> => {
  const toCome = question.wanted.toCome.filter(({ spec }) => spec.karpenter === undefined);
  if (toCome.length === 0) return NOTHING;
  const [there, groups, nodes] = await Promise.all([
    groupsIn(question),
    readQuota(question, "eks", GROUPS.code),
    readQuota(question, "eks", NODES.code),
  ]);
  const pools = toCome.map(({ pool, generation, spec }) => ({
    pool,
    name: nodeGroupName(generation),
    max: spec.size.max,
  }));
  return judgeGroups(pools, {
    there,
    groups: groups?.value ?? GROUPS.value,
    nodes: nodes?.value ?? NODES.value,
  });
};

const groupsIn = async ({ wanted, signal }: Question): Promise<readonly string[]> =>
  wanted.live === undefined ? [] : ((await listGroupNames(wanted.connection, signal)) ?? []);

interface Limits {
  /** Names of node groups that exist. */
  readonly there: readonly string[];
  readonly groups: number;
  readonly nodes: number;
}

export const judgeGroups = (
  pools: readonly { readonly pool: string; readonly name: string; readonly max: number }[],
  { there, groups, nodes }: Limits,
): Findings => {
  const fresh = pools.filter(({ name }) => !there.includes(name));
  const large = pools.filter(({ max }) => max > nodes);
  return allOf([
    fresh.length > 0 && there.length + fresh.length > groups
      ? blocked(tooManyGroups(there.length, fresh.length, groups))
      : NOTHING,
    blocked(...large.map(({ pool, max }) => tooManyNodes(pool, max, nodes))),
  ]);
};

const tooManyGroups = (there: number, fresh: number, quota: number): Problem => ({
  code: "Eks.GroupQuota",
  path: "pools",
  message: `found ${there} node groups; ${fresh} more would be ${there + fresh}, and the quota of a cluster is ${quota}`,
  fix: `ask for more (\`aws service-quotas request-service-quota-increase --service-code eks --quota-code ${GROUPS.code} --desired-value ${there + fresh}\`), or hold some pools so that fewer move at a time`,
  source: QUOTA_URL,
});

const tooManyNodes = (pool: string, max: number, quota: number): Problem => ({
  code: "Eks.NodeQuota",
  path: `pools.${pool}.size.max`,
  message: `found ${max}; the quota of a node group is ${quota} nodes`,
  fix: `lower it, split the pool, or ask for more (quota ${NODES.code} of eks)`,
  source: QUOTA_URL,
});
