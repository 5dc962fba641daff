import { LABEL } from "../../../../../core/identity/names";
import { type KubeClient, listAll } from "../../../../../kube";
import { leaves, type LiveNodePool, PATH } from "./objects";
import { bringTo, standingOf } from "./state";

interface Own {
  readonly pool: string;
  readonly generation: string;
}

/** NodePools of the other generations of a pool that are not on their way out. */
const othersOf = async (
  kube: KubeClient,
  { pool, generation }: Own,
  signal: AbortSignal,
): Promise<readonly LiveNodePool[]> => {
  const query = { labelSelector: `${LABEL.pool}=${pool}` };
  const { items } = await listAll<LiveNodePool>(kube, PATH.pools, { query, signal });
  return items.filter(one => one.metadata.name !== generation && !leaves(one));
};

/** While a generation is made and proven Karpenter takes no machine of the one that carries the pool. */
export const holdOthers = async (kube: KubeClient, own: Own, signal: AbortSignal): Promise<void> => {
  for (const other of await othersOf(kube, own, signal))
    if (standingOf(other) === "open")
      await bringTo(kube, { name: other.metadata.name, standing: "held" }, signal);
};

/** One generation makes machines for the pool. @returns whether there are others. */
export const closeOthers = async (kube: KubeClient, own: Own, signal: AbortSignal): Promise<boolean> => {
  const others = await othersOf(kube, own, signal);
  for (const { metadata } of others) await bringTo(kube, { name: metadata.name, standing: "closed" }, signal);
  return others.length > 0;
};

/** Once a generation is gone, the last of its pool is Karpenter's again. */
export const settleLast = async (kube: KubeClient, gone: Own, signal: AbortSignal): Promise<void> => {
  const [last, ...more] = await othersOf(kube, gone, signal);
  if (last === undefined || more.length > 0 || standingOf(last) !== "held") return;
  await bringTo(kube, { name: last.metadata.name, standing: "open" }, signal);
};
