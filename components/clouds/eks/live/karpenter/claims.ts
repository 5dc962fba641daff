import { LABEL, TAINT } from "../../../../../core/identity/names";
import type { Problem } from "../../../../../core/problem";
import type { KubeClient } from "../../../../../kube";
import type { PoolChange } from "../../../../../operations/ports";
import { type Look, waitFor } from "../../../../../operations/wait";
import { type LiveNodePool, MANAGER, NODE_POOL, PATH, readPool } from "./objects";
import { standingOf } from "./state";

/** By these Karpenter knows whether a machine is what its NodePool asks for; it puts them there itself. */
const HASHES = ["karpenter.sh/nodepool-hash", "karpenter.sh/nodepool-hash-version"];
const HASH_SECONDS = 120;

/**
 * Asks for machines one by one, as Karpenter's own controller for static capacity does (kubernetes-sigs/karpenter,
 * controllers/static/provisioning): nobody has to wait for pods that wait for machines.
 */
export const makeClaims = async (kube: KubeClient, pool: PoolChange, count: number): Promise<void> => {
  const found = await awaitHashes(kube, pool);
  for (let made = 0; made < count; made += 1)
    await kube.request({
      ...{ method: "POST", path: PATH.claims, query: MANAGER, signal: pool.signal },
      body: claimOf(found),
    });
};

/** Without its hash Karpenter would not see drift; with it we know that Karpenter is there at all. */
const awaitHashes = (kube: KubeClient, { log, signal, ...pool }: PoolChange): Promise<LiveNodePool> =>
  waitFor(() => lookAtHashes(kube, pool.generation, signal), {
    ...{ now: Date.now, log, signal, deadlineSeconds: HASH_SECONDS },
    problem: missing => silent(pool.pool, missing),
  });

const lookAtHashes = async (
  kube: KubeClient,
  generation: string,
  signal: AbortSignal,
): Promise<Look<LiveNodePool>> => {
  const pool = await readPool(kube, generation, signal);
  if (pool === undefined) return { missing: `the NodePool ${generation}` };
  const hashed = HASHES.every(key => pool.metadata.annotations?.[key] !== undefined);
  return hashed ? { done: pool } : { missing: `Karpenter to take note of the NodePool ${generation}` };
};

/** What Karpenter would write for a pod that waits, and the mark of the unproven until the pool was opened. */
export const claimOf = (pool: LiveNodePool): object => {
  const { name, uid, annotations = {} } = pool.metadata;
  const { metadata, spec } = pool.spec.template;
  const unproven = standingOf(pool) === "unproven" ? [TAINT.unproven] : [];
  const taints = [...(spec.taints ?? []), ...unproven];
  return {
    ...{ apiVersion: "karpenter.sh/v1", kind: "NodeClaim" },
    metadata: {
      generateName: `${name}-`,
      labels: {
        ...metadata.labels,
        [NODE_POOL]: name,
        "karpenter.k8s.aws/ec2nodeclass": spec.nodeClassRef.name,
      },
      annotations: Object.fromEntries(HASHES.map(key => [key, annotations[key] ?? ""])),
      ownerReferences: [
        { apiVersion: "karpenter.sh/v1", kind: "NodePool", name, uid, blockOwnerDeletion: true },
      ],
    },
    spec: {
      ...spec,
      requirements: [
        ...spec.requirements,
        { key: NODE_POOL, operator: "In", values: [name] },
        { key: LABEL.generation, operator: "In", values: [name] },
      ],
      ...(taints.length === 0 ? {} : { taints }),
    },
  };
};

const silent = (pool: string, missing: string): Problem => ({
  code: "Karpenter.Silent",
  path: `pools.${pool}`,
  message: `after ${HASH_SECONDS} s still waiting for ${missing}; Karpenter's API is there, its controller does not answer`,
  fix: "see that Karpenter's pods run and are of a release that serves this cluster's version; then run `pulumi up` again",
  source: "https://karpenter.sh/docs/troubleshooting/",
});
