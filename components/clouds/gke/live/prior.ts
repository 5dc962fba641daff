import { NAMES } from "../../../../core/identity/names";
import { ensureNamespace, readConfigMap, updateConfigMap } from "../../../../kube";
import type { PoolRef } from "../../../../operations/ports";
import { withCluster } from "./access";
import type { Autoscaling, NodePool } from "./nodePool";

/** What a node pool was before it was closed. */
export interface Prior {
  readonly autoscaling: Autoscaling;
  readonly autoRepair: boolean;
}

/** One ConfigMap in the cluster holds it, a key for each pool: neither Pulumi nor GKE looks there. */
const WHERE = { namespace: NAMES.namespace, name: "changeover-closed-pools" };

export const priorOf = ({ autoscaling = {}, management = {} }: NodePool): Prior => ({
  autoscaling,
  autoRepair: management.autoRepair ?? false,
});

export const parsePrior = (text: string): Prior => {
  const found = JSON.parse(text) as Partial<Prior>;
  if (found.autoscaling === undefined || typeof found.autoRepair !== "boolean")
    throw new Error(`the record of a closed pool can't be read: ${text}`);
  return { autoscaling: found.autoscaling, autoRepair: found.autoRepair };
};

/** `undefined` = the pool is not closed by us. */
export const readPrior = (pool: PoolRef): Promise<Prior | undefined> =>
  withCluster(pool.connection, async kube => {
    const text = (await readConfigMap(kube, WHERE))?.data[pool.generation];
    return text === undefined ? undefined : parsePrior(text);
  });

/** The first record stays: what a second close finds is already closed. */
export const recordPrior = async (pool: PoolRef, prior: Prior): Promise<void> => {
  await withCluster(pool.connection, async kube => {
    await ensureNamespace(kube, WHERE.namespace);
    await updateConfigMap(kube, WHERE, data => ({ [pool.generation]: JSON.stringify(prior), ...data }));
  });
};

export const forgetPrior = async (pool: PoolRef): Promise<void> => {
  await withCluster(pool.connection, kube =>
    updateConfigMap(kube, WHERE, data =>
      Object.fromEntries(Object.entries(data).filter(([key]) => key !== pool.generation)),
    ),
  );
};
