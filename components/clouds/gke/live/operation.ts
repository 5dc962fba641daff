import { type Problem, ProblemError } from "../../../../core/problem";
import type { PoolChange, PoolRef } from "../../../../operations/ports";
import { waitFor } from "../../../../operations/wait";
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

const DEADLINE_SECONDS = 15 * 60;

type Look<T> = { readonly done: T } | { readonly missing: string };

/** Waits for its turn, sends the change, then waits until it is through. */
export const change = async (pool: PoolChange, wanted: Change): Promise<void> => {
  const waiting = {
    now: Date.now,
    log: pool.log,
    signal: pool.signal,
    deadlineSeconds: DEADLINE_SECONDS,
    problem: (missing: string) => stuck(pool, missing),
  };
  const name = await waitFor(() => start(pool, wanted), waiting);
  await waitFor(() => look(pool, wanted, name), waiting);
};

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

const stuck = (pool: PoolRef, missing: string): Problem => ({
  code: "Gke.OperationStuck",
  path: `pools.${pool.pool}`,
  message: `after ${DEADLINE_SECONDS / 60} minutes still waiting for ${missing}`,
  fix: "look at the cluster's operations in GKE; `pulumi up` takes it up again",
});
