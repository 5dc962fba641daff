import { type Problem, ProblemError } from "../../../../core/problem";
import type { PoolChange, PoolRef } from "../../../../operations/ports";
import type { Look } from "../../../../operations/wait";
import { carryThrough } from "../../../../operations/carryThrough";
import { nodePoolName } from "../facts";
import { type Asked, ask, isBusy } from "./call";
import { type Request, send } from "./client";

/** An operation of GKE or of Compute Engine, as far as both say the same. */
interface Operation {
  readonly name?: string;
  readonly status?: string;
  readonly error?: {
    readonly message?: string;
    readonly errors?: readonly { readonly code?: string; readonly message?: string }[];
  };
}

/** A change at Google: the call, the permission it needs, and where its operation is looked at. */
export interface Change {
  readonly permission: string;
  readonly request: Request;
  /** Whole address of the place the operation is in; its name is added. */
  readonly operations: string;
  readonly look: string;
}

export const describePool = ({ connection, generation }: PoolRef): string =>
  `node pool ${connection.name}/${nodePoolName(generation)}`;

export const change = (pool: PoolChange, wanted: Change): Promise<void> =>
  carryThrough(pool, {
    start: () => start(pool, wanted),
    look: name => look(pool, wanted, name),
    stuck: (missing, minutes) => stuck(pool, missing, minutes),
  });

const start = async (pool: PoolRef, { permission, request }: Change): Promise<Look<string>> => {
  try {
    const asked = { permission, on: describePool(pool) };
    const { name = "" } = await ask(asked, () => send<Operation>(request), isBusy);
    return { done: name };
  } catch (error) {
    if (!isBusy(error)) throw error;
    return { missing: `the end of another operation on cluster ${pool.connection.name}` };
  }
};

const look = async (pool: PoolRef, wanted: Change, name: string): Promise<Look<true>> => {
  const asked: Asked = { permission: wanted.look, on: describePool(pool) };
  const url = `${wanted.operations}/${name}`;
  const operation = await ask(asked, () => send<Operation>({ method: "GET", url }));
  if (operation.status !== "DONE")
    return { missing: `${name} on ${describePool(pool)}, which is ${operation.status ?? "unknown"}` };
  if (operation.error !== undefined)
    throw new ProblemError("the operation failed", [failed(pool, operation)]);
  return { done: true };
};

const failed = (pool: PoolRef, { name = "", error = {} }: Operation): Problem => {
  const { message, errors = [] } = error;
  const reasons = errors.map(one => `${one.code ?? ""}: ${one.message ?? ""}`).join("; ");
  return {
    code: "Gke.OperationFailed",
    path: `pools.${pool.pool}`,
    message: `${name} on ${describePool(pool)} failed: ${message ?? reasons}`,
    fix: "put right what Google names and run `pulumi up` again",
  };
};

const stuck = (pool: PoolRef, missing: string, minutes: number): Problem => ({
  code: "Gke.OperationStuck",
  path: `pools.${pool.pool}`,
  message: `after ${minutes} minutes still waiting for ${missing}`,
  fix: "look at the cluster's operations in GKE; `pulumi up` takes it up again",
});
