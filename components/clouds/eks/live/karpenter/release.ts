import type { Problem } from "../../../../../core/problem";
import { type KubeClient, listNodes } from "../../../../../kube";
import type { PoolChange } from "../../../../../operations/ports";
import { type Look, waitFor } from "../../../../../operations/wait";
import { deleteObject, leaves, listClaims, PATH } from "./objects";

const CLAIM_SECONDS = 60;

/**
 * The NodePool is closed, so that none of them is made again; Karpenter ends the machine behind each. A node is there a
 * moment before its NodeClaim names it (kubernetes-sigs/karpenter, controllers/nodeclaim/lifecycle/registration.go).
 */
export const releaseClaims = (kube: KubeClient, pool: PoolChange, nodes: readonly string[]): Promise<true> =>
  waitFor(() => endThose(kube, pool, nodes), {
    ...{ now: Date.now, log: pool.log, signal: pool.signal, deadlineSeconds: CLAIM_SECONDS },
    problem: missing => unclaimed(pool, missing),
  });

const endThose = async (
  kube: KubeClient,
  { generation, signal }: PoolChange,
  nodes: readonly string[],
): Promise<Look<true>> => {
  const claims = (await listClaims(kube, generation, signal)).filter(({ status }) =>
    nodes.includes(status?.nodeName ?? ""),
  );
  for (const claim of claims)
    if (!leaves(claim)) await deleteObject(kube, `${PATH.claims}/${claim.metadata.name}`, signal);
  const claimed = new Set(claims.map(({ status }) => status?.nodeName));
  const open = nodes.filter(name => !claimed.has(name));
  if (open.length === 0) return { done: true };
  const there = (await listNodes(kube, { signal })).filter(({ name }) => open.includes(name));
  return there.length === 0
    ? { done: true }
    : { missing: `a NodeClaim for ${there.map(({ name }) => name).join(", ")}` };
};

const unclaimed = ({ pool }: PoolChange, missing: string): Problem => ({
  code: "Karpenter.Unclaimed",
  path: `pools.${pool}`,
  message: `after ${CLAIM_SECONDS} s still waiting for ${missing}: Karpenter ends machines by their NodeClaims alone`,
  fix: "look at its NodeClaims and at Karpenter's log; where the machine is gone delete its Node, then run `pulumi up` again",
  source: "https://karpenter.sh/docs/concepts/nodeclaims/",
});
