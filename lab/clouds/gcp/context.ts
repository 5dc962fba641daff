import { randomUUID } from "node:crypto";
import type { Background } from "../background";
import type { Failures } from "../fault";
import type { Front } from "../front";
import type { Account } from "./account";
import { notFound, refuseBy } from "./rules";
import type { ClusterRecord, OperationRecord, PoolRecord, StateFile } from "./state";

/** What every operation of the stand-in works on. */
export interface GcpContext extends StateFile {
  readonly project: string;
  readonly region: string;
  readonly failures: Failures;
  readonly account: Account;
  readonly background: Background;
  /** Where each cluster's API is reached. */
  readonly fronts: Map<string, Front>;
}

export const mustCluster = ({ state, project, region }: GcpContext, name: string): ClusterRecord =>
  state.clusters[name] ?? notFound(`projects/${project}/locations/${region}/clusters/${name}`);

export const poolKey = (cluster: string, pool: string): string => `${cluster}/${pool}`;

export const mustPool = (context: GcpContext, cluster: string, pool: string): PoolRecord => {
  mustCluster(context, cluster);
  return (
    context.state.pools[poolKey(cluster, pool)] ?? notFound(`node pool "${pool}" of cluster "${cluster}"`)
  );
};

export const poolsOf = ({ state }: GcpContext, cluster: string): readonly PoolRecord[] =>
  Object.values(state.pools).filter(pool => pool.cluster === cluster);

/** GKE takes one operation of a cluster at a time. */
export const checkFree = ({ state }: GcpContext, cluster: string): void => {
  const running = Object.values(state.operations).find(
    one => one.cluster === cluster && one.status === "RUNNING",
  );
  if (running !== undefined)
    refuseBy(
      "oneOperation",
      "FAILED_PRECONDITION",
      `Cluster is running incompatible operation ${running.name}.`,
    );
};

export interface Work {
  readonly type: string;
  /** Absent = an operation of Compute Engine, which takes nobody's turn. */
  readonly cluster?: string;
  readonly work: (signal: AbortSignal) => Promise<void>;
}

/** Answers at once with a running operation, goes on behind it, and says how it ended. */
export const runOperation = (context: GcpContext, { type, cluster, work }: Work): OperationRecord => {
  const operation: OperationRecord = {
    name: `operation-${randomUUID()}`,
    operationType: type,
    ...(cluster === undefined ? {} : { cluster }),
    status: "RUNNING",
  };
  context.state.operations[operation.name] = operation;
  context.save();
  context.background.start(async signal => {
    try {
      await work(signal);
    } catch (error) {
      if (signal.aborted) return;
      operation.error = { code: 13, message: error instanceof Error ? error.message : String(error) };
    }
    operation.status = "DONE";
    context.save();
  });
  return operation;
};

export const findOperation = ({ state }: GcpContext, name: string): OperationRecord =>
  state.operations[name] ?? notFound(`operation ${name}`);
