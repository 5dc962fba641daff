import { NAMES } from "../../../../core/identity/names";
import { ensureNamespace, readConfigMap, updateConfigMap } from "../../../../kube";
import type { PoolRef } from "../../../../operations/ports";
import type { WithCluster } from "./withCluster";

/** What pools were before they were closed. */
export interface ClosedPools<P> {
  /** `undefined` = the pool is not closed by us. */
  readonly read: (pool: PoolRef) => Promise<P | undefined>;
  /** The first record stays: what a second close finds is already closed. */
  readonly record: (pool: PoolRef, prior: P) => Promise<void>;
  readonly forget: (pool: PoolRef) => Promise<void>;
}

/** One ConfigMap in the cluster holds it, a key for each pool: neither Pulumi nor the cloud looks there. */
const WHERE = { namespace: NAMES.namespace, name: "changeover-closed-pools" };

export const closedPools = <P extends object>(
  withCluster: WithCluster,
  parse: (text: string) => P,
): ClosedPools<P> => ({
  read: pool =>
    withCluster(pool.connection, async kube => {
      const text = (await readConfigMap(kube, WHERE))?.data[pool.generation];
      return text === undefined ? undefined : parse(text);
    }),
  record: async (pool, prior) => {
    await withCluster(pool.connection, async kube => {
      await ensureNamespace(kube, WHERE.namespace);
      await updateConfigMap(kube, WHERE, data => ({ [pool.generation]: JSON.stringify(prior), ...data }));
    });
  },
  forget: async pool => {
    await withCluster(pool.connection, kube =>
      updateConfigMap(kube, WHERE, data =>
        Object.fromEntries(Object.entries(data).filter(([key]) => key !== pool.generation)),
      ),
    );
  },
});
