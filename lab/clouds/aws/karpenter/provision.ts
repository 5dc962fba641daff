import { createHash } from "node:crypto";
import type { KubeClient } from "../../../../kube";
import {
  ifThere,
  isDaemons,
  type NodeClaim,
  type NodePool,
  NODE_POOL,
  ofPool,
  PATH,
  type Pod,
  podsOn,
  type Seen,
} from "./objects";

const HASH = "karpenter.sh/nodepool-hash";
const HASH_VERSION = "karpenter.sh/nodepool-hash-version";

/** Of the template alone, and there without requirements: limits and budgets may change under machines. */
const hashOf = ({ spec }: NodePool): string => {
  const { requirements: _requirements, ...rest } = spec.template.spec;
  const text = JSON.stringify([spec.template.metadata, rest]);
  return createHash("sha256").update(text).digest("hex").slice(0, 20);
};

export const annotate = async (kube: KubeClient, pool: NodePool): Promise<void> => {
  const hash = hashOf(pool);
  if (pool.metadata.annotations?.[HASH] === hash) return;
  const body = { metadata: { annotations: { [HASH]: hash, [HASH_VERSION]: "v3" } } };
  await ifThere(() => kube.request({ method: "PATCH", path: `${PATH.pools}/${pool.metadata.name}`, body }));
};

export const isDrifted = (pool: NodePool, { metadata }: NodeClaim): boolean =>
  metadata.annotations?.[HASH] !== pool.metadata.annotations?.[HASH];

const waits = (pod: Pod): boolean =>
  pod.spec.nodeName === undefined &&
  !isDaemons(pod) &&
  pod.status?.conditions?.some(
    ({ type, reason }) => type === "PodScheduled" && reason === "Unschedulable",
  ) === true;

const tolerates = ({ spec }: Pod, key: string): boolean =>
  spec.tolerations?.some(one => one.key === undefined || one.key === key) === true;

/** Selectors and taints; of affinities nothing is known here. */
const fits = (pod: Pod, { metadata, spec }: NodePool): boolean => {
  const labels = { ...spec.template.metadata?.labels, [NODE_POOL]: metadata.name };
  const selected = Object.entries(pod.spec.nodeSelector ?? {}).every(
    ([key, value]) => (labels as Readonly<Record<string, string>>)[key] === value,
  );
  const taints = spec.template.spec.taints ?? [];
  return selected && taints.every(({ key, effect }) => effect === "PreferNoSchedule" || tolerates(pod, key));
};

const hasRoom = (pool: NodePool, claims: readonly NodeClaim[]): boolean => {
  const { cpu, nodes } = pool.spec.limits ?? {};
  return cpu !== "0" && (nodes === undefined || ofPool(pool, claims).length < Number(nodes));
};

const canGrow = (pool: NodePool, seen: Seen): boolean =>
  pool.metadata.deletionTimestamp === undefined &&
  pool.metadata.annotations?.[HASH] !== undefined &&
  hasRoom(pool, seen.claims) &&
  !ofPool(pool, seen.claims).some(claim => isNominated(pool, claim, seen));

const NOMINATED_MS = 20_000;

const isFresh = ({ status }: NodeClaim): boolean => {
  const since = status?.conditions?.find(({ type }) => type === "Initialized")?.lastTransitionTime;
  return Date.parse(since ?? "") + NOMINATED_MS > Date.now();
};

/** A machine that was made for pods which the scheduler has not put on it yet. */
export const isNominated = (pool: NodePool, claim: NodeClaim, seen: Seen): boolean =>
  claim.metadata.deletionTimestamp === undefined &&
  isFresh(claim) &&
  podsOn(claim.status?.nodeName, seen).length === 0 &&
  seen.pods.some(pod => waits(pod) && fits(pod, pool));

/** One machine a round, while none is on its way: the scheduler says then whether it was enough. */
export const provision = async (kube: KubeClient, seen: Seen): Promise<void> => {
  if (seen.claims.some(claim => claim.status?.nodeName === undefined)) return;
  const waiting = seen.pods.filter(waits);
  const pool = seen.pools.find(one => waiting.some(pod => fits(pod, one)) && canGrow(one, seen));
  if (pool !== undefined) await kube.request({ method: "POST", path: PATH.claims, body: claimOf(pool) });
};

const claimOf = ({ metadata, spec }: NodePool): object => ({
  ...{ apiVersion: "karpenter.sh/v1", kind: "NodeClaim" },
  metadata: {
    generateName: `${metadata.name}-`,
    labels: { ...spec.template.metadata?.labels, [NODE_POOL]: metadata.name },
    annotations: Object.fromEntries(
      [HASH, HASH_VERSION].map(key => [key, metadata.annotations?.[key] ?? ""]),
    ),
    ownerReferences: [
      {
        ...{ apiVersion: "karpenter.sh/v1", kind: "NodePool" },
        ...{ name: metadata.name, uid: metadata.uid, blockOwnerDeletion: true },
      },
    ],
  },
  spec: spec.template.spec,
});
