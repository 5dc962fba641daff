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

/** A call that changes something, and the permission it needs. */
export interface Call {
  readonly permission: string;
  readonly request: Request;
}

/** What is changed, and where its operations are looked at. */
interface Subject {
  /** In words. */
  readonly what: string;
  /** Where config has it. */
  readonly path: string;
  readonly cluster: string;
  /** Whole address of the place its operations are in; a name is added. */
  readonly operations: string;
  readonly look: string;
}

/** A change of a pool: the call, and where its operation is looked at. */
type Change = Call & Pick<Subject, "operations" | "look">;

export const describePool = ({ connection, generation }: PoolRef): string =>
  `node pool ${connection.name}/${nodePoolName(generation)}`;

export const change = (
  pool: PoolChange,
  { operations, look: permission, ...call }: Change,
): Promise<void> => {
  const { pool: name, connection } = pool;
  const subject = { what: describePool(pool), path: `pools.${name}`, cluster: connection.name };
  return carryOut(pool, { ...subject, operations, look: permission }, () => Promise.resolve(call));
};

/** An upgrade of a regional control plane goes replica by replica; the provider gives its update as long. */
const CONTROL_PLANE_MINUTES = 60;

/** `next` is asked before each try, so that what was done meanwhile is not done again; undefined = nothing to do. */
export const changeControlPlane = (
  to: Pick<PoolChange, "connection" | "log" | "signal">,
  operations: string,
  next: () => Promise<Call | undefined>,
): Promise<void> => {
  const cluster = to.connection.name;
  const subject = { what: `cluster ${cluster}`, path: "cluster.version", cluster, operations };
  return carryOut(to, { ...subject, look: "container.operations.get", minutes: CONTROL_PLANE_MINUTES }, next);
};

const carryOut = (
  to: Pick<PoolChange, "log" | "signal">,
  { minutes, ...subject }: Subject & { readonly minutes?: number },
  next: () => Promise<Call | undefined>,
): Promise<void> =>
  carryThrough(to, {
    start: () => start(subject, next),
    look: name => (name === NONE ? Promise.resolve({ done: true }) : look(subject, name)),
    stuck: (missing, after) => stuck(subject, missing, after),
    ...(minutes === undefined ? {} : { minutes }),
  });

/** Name of the operation where nothing was asked for. */
const NONE = "";

const start = async (
  { what, cluster }: Subject,
  next: () => Promise<Call | undefined>,
): Promise<Look<string>> => {
  const call = await next();
  if (call === undefined) return { done: NONE };
  try {
    const asked = { permission: call.permission, on: what };
    const { name = NONE } = await ask(asked, () => send<Operation>(call.request), isBusy);
    return { done: name };
  } catch (error) {
    if (!isBusy(error)) throw error;
    return { missing: `the end of another operation on cluster ${cluster}` };
  }
};

const look = async (subject: Subject, name: string): Promise<Look<true>> => {
  const asked: Asked = { permission: subject.look, on: subject.what };
  const url = `${subject.operations}/${name}`;
  const operation = await ask(asked, () => send<Operation>({ method: "GET", url }));
  if (operation.status !== "DONE")
    return { missing: `${name} on ${subject.what}, which is ${operation.status ?? "unknown"}` };
  if (operation.error !== undefined)
    throw new ProblemError("the operation failed", [failed(subject, operation)]);
  return { done: true };
};

const failed = (subject: Subject, { name = "", error = {} }: Operation): Problem => {
  const { message, errors = [] } = error;
  const reasons = errors.map(one => `${one.code ?? ""}: ${one.message ?? ""}`).join("; ");
  return {
    code: "Gke.OperationFailed",
    path: subject.path,
    message: `${name} on ${subject.what} failed: ${message ?? reasons}`,
    fix: "put right what Google names and run `pulumi up` again",
  };
};

const stuck = ({ path }: Subject, missing: string, minutes: number): Problem => ({
  code: "Gke.OperationStuck",
  path,
  message: `after ${minutes} minutes still waiting for ${missing}`,
  fix: "look at the cluster's operations in GKE; `pulumi up` takes it up again",
});
