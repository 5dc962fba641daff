import { type Problem, ProblemError } from "../../../../core/problem";
import { carryThrough } from "../../../../operations/carryThrough";
import type { PoolChange, PoolRef } from "../../../../operations/ports";
import type { Look } from "../../../../operations/wait";
import { LABEL } from "../../../../core/identity/names";
import { clusterPath } from "../facts";
import { findsAdopted, poolNameOf, rememberName } from "./adopted";
import { ask, askFor, isBusy, isGone, isOutdated } from "./call";
import { type Answer, type Request, send, sendOperation } from "./client";

/** What is read of an agent pool (learn.microsoft.com/rest/api/aks/agent-pools); a change states the rest again, unread. */
export interface PoolProperties {
  readonly provisioningState?: string;
  readonly mode?: string;
  readonly count?: number;
  readonly enableAutoScaling?: boolean;
  readonly minCount?: number;
  readonly maxCount?: number;
  readonly nodeTaints?: readonly string[];
  readonly nodeLabels?: Readonly<Record<string, string>> | null;
  readonly nodeImageVersion?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly eTag?: string;
  readonly [other: string]: unknown;
}

const READ = "Microsoft.ContainerService/managedClusters/agentPools/read";
const WRITE = "Microsoft.ContainerService/managedClusters/agentPools/write";
const DELETE = "Microsoft.ContainerService/managedClusters/agentPools/delete";
const DELETE_MACHINES = "Microsoft.ContainerService/managedClusters/agentPools/deleteMachines/action";

export const describePool = (pool: PoolRef): string =>
  `agent pool ${pool.connection.name}/${poolNameOf(pool)}`;

const pathOf = (pool: PoolRef): string => `${clusterPath(pool.connection)}/agentPools/${poolNameOf(pool)}`;

const readPool = async (pool: PoolRef): Promise<PoolProperties | undefined> => {
  const found = await askFor({ action: READ, on: describePool(pool) }, () =>
    send<{ readonly properties?: PoolProperties }>({ method: "GET", path: pathOf(pool) }),
  );
  return found?.body.properties;
};

/** Under the generation's own name, else the adopted one that bears its label. */
const searchPool = async (pool: PoolRef): Promise<PoolProperties | undefined> =>
  (await readPool(pool)) ?? ((await findsAdopted(pool)) ? readPool(pool) : undefined);

/** `undefined` = AKS knows none, or it is on its way out. */
export const findPool = async (pool: PoolRef): Promise<PoolProperties | undefined> => {
  const properties = await searchPool(pool);
  return properties?.provisioningState === "Deleting" ? undefined : properties;
};

export const mustFind = async (pool: PoolRef): Promise<PoolProperties> => {
  const found = await findPool(pool);
  if (found !== undefined) return found;
  throw new ProblemError("no agent pool", [
    {
      code: "Aks.NoAgentPool",
      path: `pools.${pool.pool}`,
      message: `AKS has no ${describePool(pool)}`,
      fix: "run `pulumi up` again: it makes the agent pool first",
    },
  ]);
};

interface Change {
  readonly action: string;
  readonly on: string;
  readonly request: Request;
}

const begin = async ({ action, on, request }: Change): Promise<Look<Answer<unknown>>> => {
  const expected = (error: unknown): boolean => isBusy(error) || isOutdated(error) || isGone(error);
  try {
    return { done: await ask({ action, on }, () => send(request), expected) };
  } catch (error) {
    if (isGone(error)) return { done: { body: {} } };
    if (isBusy(error)) return { missing: `the end of another operation on the cluster of ${on}` };
    if (isOutdated(error)) return { missing: `a look at ${on}, which changed meanwhile` };
    throw error;
  }
};

/** Each try makes its request anew: what it restates is then what AKS has at that moment. */
const carry = (pool: PoolChange, on: string, next: () => Promise<Change | undefined>): Promise<void> =>
  carryThrough(pool, {
    start: async () => {
      const change = await next();
      if (change === undefined) return { done: "" };
      const begun = await begin(change);
      return "missing" in begun ? begun : { done: begun.done.operation ?? "" };
    },
    look: operation => lookAt(pool, on, operation),
    stuck: (missing, minutes) => stuck(pool, missing, minutes),
  });

interface Operation {
  readonly status?: string;
  readonly error?: { readonly code?: string; readonly message?: string };
}

const lookAt = async (pool: PoolRef, on: string, operation: string): Promise<Look<true>> => {
  if (operation === "") return { done: true };
  const action = "Microsoft.ContainerService/locations/operations/read";
  const found = await ask({ action, on }, () => sendOperation<Operation>(operation));
  const { status = "unknown" } = found;
  if (status === "Succeeded") return { done: true };
  if (status === "Failed" || status === "Canceled")
    throw new ProblemError("the operation failed", [failed(pool, on, describeEnd(found))]);
  return { missing: `the operation on ${on}, which is ${status}` };
};

const describeEnd = ({ status = "", error = {} }: Operation): string =>
  `${status}: ${error.code ?? ""}: ${error.message ?? ""}`;

/** States what is there again with another value here and there; `undefined` of `edit` = nothing to change. */
export const changePool = (
  pool: PoolChange,
  edit: (now: PoolProperties) => PoolProperties | undefined,
): Promise<void> => {
  const on = describePool(pool);
  return carry(pool, on, async () => {
    const now = await mustFind(pool);
    const properties = edit(now);
    if (properties === undefined) return undefined;
    const etag = now.eTag === undefined ? {} : { etag: now.eTag };
    return {
      action: WRITE,
      on,
      request: { method: "PUT", path: pathOf(pool), body: { properties }, ...etag },
    };
  });
};

/** Labels of a pool change in place and are those of all its nodes: learn.microsoft.com/azure/aks/use-labels */
export const markPool = (pool: PoolChange, name: string): Promise<void> => {
  rememberName(pool, name);
  const marks = { [LABEL.pool]: pool.pool, [LABEL.generation]: pool.generation };
  return changePool(pool, now => ({ ...now, nodeLabels: { ...now.nodeLabels, ...marks } }));
};

/** Gone is done. */
export const deletePoolNamed = (pool: PoolChange, name: string): Promise<void> => {
  const on = `agent pool ${pool.connection.name}/${name}`;
  const path = `${clusterPath(pool.connection)}/agentPools/${name}`;
  return carry(pool, on, () => Promise.resolve({ action: DELETE, on, request: { method: "DELETE", path } }));
};

/** A pool that is no generation, by its name at AKS. */
export const isThere = async (pool: PoolRef, name: string): Promise<boolean> => {
  const path = `${clusterPath(pool.connection)}/agentPools/${name}`;
  const asked = { action: READ, on: `agent pool ${pool.connection.name}/${name}` };
  return (await askFor(asked, () => send({ method: "GET", path }))) !== undefined;
};

/** AKS counts as many less. A machine is called as its node. */
export const deleteMachines = (pool: PoolChange, machineNames: readonly string[]): Promise<void> => {
  const on = describePool(pool);
  const path = `${pathOf(pool)}/deleteMachines`;
  const request = { method: "POST", path, body: { machineNames } } as const;
  return carry(pool, on, () => Promise.resolve({ action: DELETE_MACHINES, on, request }));
};

export const listMachines = async (pool: PoolRef): Promise<readonly string[]> => {
  const action = "Microsoft.ContainerService/managedClusters/agentPools/machines/read";
  const found = await askFor({ action, on: describePool(pool) }, () =>
    send<{ readonly value?: readonly { readonly name: string }[] }>({
      method: "GET",
      path: `${pathOf(pool)}/machines`,
    }),
  );
  return (found?.body.value ?? []).map(({ name }) => name);
};

const failed = (pool: PoolRef, on: string, text: string): Problem => ({
  code: "Aks.OperationFailed",
  path: `pools.${pool.pool}`,
  message: `the operation on ${on} ended ${text}`,
  fix: "put right what Azure names and run `pulumi up` again",
});

const stuck = (pool: PoolRef, missing: string, minutes: number): Problem => ({
  code: "Aks.OperationStuck",
  path: `pools.${pool.pool}`,
  message: `after ${minutes} minutes still waiting for ${missing}`,
  fix: "look at the cluster's operations in AKS; `pulumi up` takes it up again",
});
