import type { KubeClient } from "../../../../kube";
import { ifThere, type NodeClaim, type NodePool, ofPool, PATH, podsOn, type Seen } from "./objects";
import { isDrifted, isNominated } from "./provision";

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000 };

const spanMs = (text = "Never"): number => {
  const parts = [...text.matchAll(/(\d+)([hms])/g)];
  if (parts.length === 0) return Infinity;
  return parts.reduce((total, [, count, unit = "s"]) => total + Number(count) * (UNIT_MS[unit] ?? 0), 0);
};

/** Of all claims of a pool; Karpenter rounds percents up. */
const allowed = ({ spec }: NodePool, claims: number): number => {
  const budgets = spec.disruption?.budgets ?? [{ nodes: "10%" }];
  const counts = budgets.map(({ nodes }) =>
    nodes.endsWith("%") ? Math.ceil((claims * Number(nodes.slice(0, -1))) / 100) : Number(nodes),
  );
  return Math.min(...counts);
};

/** Since when each node has been empty, as far as this stand-in has seen it. */
export type EmptySince = Map<string, number>;

const isEmpty = (claim: NodeClaim, seen: Seen, since: EmptySince): number | undefined => {
  const { nodeName } = claim.status ?? {};
  if (nodeName === undefined || podsOn(nodeName, seen).length > 0) {
    since.delete(claim.metadata.name);
    return undefined;
  }
  const start = since.get(claim.metadata.name) ?? Date.now();
  since.set(claim.metadata.name, start);
  return start;
};

const end = (kube: KubeClient, { metadata }: NodeClaim): Promise<void> =>
  ifThere(() => kube.request({ method: "DELETE", path: `${PATH.claims}/${metadata.name}` }));

/** What is empty or drifted, within budgets. What is too old goes whatever they say. */
export const disrupt = async (
  kube: KubeClient,
  pool: NodePool,
  { seen, since }: { readonly seen: Seen; readonly since: EmptySince },
): Promise<void> => {
  const own = ofPool(pool, seen.claims);
  const leaving = own.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
  const staying = own.filter(claim => !leaving.includes(claim) && claim.status?.nodeName !== undefined);
  const after = spanMs(pool.spec.disruption?.consolidateAfter ?? "0s");
  const wanted = staying.filter(claim => {
    if (isNominated(pool, claim, seen)) return false;
    const start = isEmpty(claim, seen, since);
    return isDrifted(pool, claim) || (start !== undefined && Date.now() - start >= after);
  });
  const room = Math.max(0, allowed(pool, own.length) - leaving.length);
  const old = staying.filter(
    ({ metadata, spec }) =>
      Date.parse(metadata.creationTimestamp ?? "") + spanMs(spec.expireAfter) <= Date.now(),
  );
  for (const claim of new Set([...old, ...wanted.slice(0, room)])) await end(kube, claim);
};
