import { randomUUID } from "node:crypto";
import type { Background } from "../background";
import type { Failures } from "../fault";
import type { Front } from "../front";
import type { Account } from "./account";
import { notFound, refuseBy } from "./rules";
import type { ClusterRecord, OperationRecord, PoolRecord, StateFile } from "./state";

/** What every operation of the stand-in works on. */
export interface AzureContext extends StateFile {
  readonly subscription: string;
  readonly group: string;
  readonly failures: Failures;
  readonly account: Account;
  readonly background: Background;
  /** Where each cluster's API is reached. */
  readonly fronts: Map<string, Front>;
}

/** What a call answers: a change that goes on has an operation to look at. */
export interface Outcome {
  readonly status: number;
  readonly body: object;
  readonly operation?: OperationRecord;
}

export const ok = (body: object): Outcome => ({ status: 200, body });

export const clusterId = ({ subscription, group }: AzureContext, name: string): string =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${name}`;

export const poolId = (context: AzureContext, { cluster, name }: PoolRecord): string =>
  `${clusterId(context, cluster)}/agentPools/${name}`;

export const mustCluster = (context: AzureContext, name: string): ClusterRecord =>
  context.state.clusters[name] ?? notFound(clusterId(context, name));

export const poolKey = (cluster: string, pool: string): string => `${cluster}/${pool}`;

export const findPool = ({ state }: AzureContext, cluster: string, pool: string): PoolRecord | undefined =>
  state.pools[poolKey(cluster, pool)];

export const mustPool = (context: AzureContext, cluster: string, pool: string): PoolRecord => {
  mustCluster(context, cluster);
  return findPool(context, cluster, pool) ?? notFound(`${clusterId(context, cluster)}/agentPools/${pool}`);
};

export const poolsOf = ({ state }: AzureContext, cluster: string): readonly PoolRecord[] =>
  Object.values(state.pools).filter(pool => pool.cluster === cluster);

/** How the making of a pool ended. */
export const ending = {
  succeed: (pool: PoolRecord): void => {
    pool.provisioningState = "Succeeded";
    Reflect.deleteProperty(pool, "provisioningError");
  },
  fail: (pool: PoolRecord, { name: code, message }: Error): void =>
    void Object.assign(pool, { provisioningState: "Failed", provisioningError: { code, message } }),
  /** learn.microsoft.com/rest/api/aks/agent-pools/get: `status.provisioningError`, omitted where nothing failed. */
  describe: ({ provisioningError }: PoolRecord): object =>
    provisioningError === undefined ? {} : { status: { provisioningError } },
} as const;

/** AKS takes one operation of a cluster at a time, pools' included. */
export const checkFree = ({ state }: AzureContext, cluster: string): void => {
  const running = Object.values(state.operations).find(
    one => one.cluster === cluster && one.status === "InProgress",
  );
  if (running !== undefined)
    refuseBy(
      "oneOperation",
      "OperationNotAllowed",
      `Operation is not allowed: Another operation (${running.what}) is in progress, please wait for it to finish before starting a new operation. See https://aka.ms/aks-pending-operation for more details`,
    );
};

export interface Work {
  readonly cluster: string;
  readonly what: string;
  readonly work: (signal: AbortSignal) => Promise<void>;
}

/** Answers at once with a running operation, goes on behind it, and says how it ended. */
export const runOperation = (context: AzureContext, { cluster, what, work }: Work): OperationRecord => {
  const operation: OperationRecord = { name: randomUUID(), cluster, what, status: "InProgress" };
  context.state.operations[operation.name] = operation;
  context.save();
  context.background.start(async signal => {
    try {
      await work(signal);
      operation.status = "Succeeded";
    } catch (error) {
      if (signal.aborted) return;
      const { name: code, message } = error instanceof Error ? error : new Error(String(error));
      Object.assign(operation, { status: "Failed", error: { code, message } });
    }
    context.save();
  });
  return operation;
};

export const describeOperation = ({ state }: AzureContext, name: string): object => {
  const { status, error } = state.operations[name] ?? notFound(`operations/${name}`);
  return { name, status, ...(error === undefined ? {} : { error }) };
};
