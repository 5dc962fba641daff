import {
  type AzureContext,
  checkFree,
  ending,
  findPool,
  mustCluster,
  mustPool,
  ok,
  type Outcome,
  poolId,
  poolKey,
  poolsOf,
  runOperation,
} from "./context";
import {
  checkVmSize,
  endMachines,
  GENERATION,
  listMachines,
  newestImage,
  raisePool,
  razePool,
  resolveVersion,
  settlePool,
} from "./machines";
import { checkBounds, checkMode, checkVersion } from "./poolChecks";
import { notCovered, refuseBy } from "./rules";
import type { OperationRecord, PoolProperties, PoolRecord } from "./state";

/** A pool in a call: its cluster's name, and its own. */
export type Names = readonly [cluster: string, pool: string];

/** What AKS says of a pool and takes back unread. */
const OUTPUTS = [
  "eTag",
  "provisioningState",
  "status",
  "nodeImageVersion",
  "currentOrchestratorVersion",
  "powerState",
];

const etagOf = ({ revision }: PoolRecord): string => `revision-${revision}`;

export const describePool = (context: AzureContext, pool: PoolRecord): object => ({
  id: poolId(context, pool),
  name: pool.name,
  type: "Microsoft.ContainerService/managedClusters/agentPools",
  properties: {
    ...pool.properties,
    orchestratorVersion: pool.version,
    currentOrchestratorVersion: pool.version,
    nodeImageVersion: pool.nodeImageVersion,
    provisioningState: pool.provisioningState,
    ...ending.describe(pool),
    powerState: { code: "Running" },
    eTag: etagOf(pool),
  },
});

export const listPools = (context: AzureContext, cluster: string): Outcome => {
  mustCluster(context, cluster);
  return ok({ value: poolsOf(context, cluster).map(pool => describePool(context, pool)) });
};

const NAME = /^[a-z][a-z0-9]{0,11}$/;

/** What a pool becomes of what is asked. Its image is the newest of the day, whatever anybody asks. */
export const newPool = (context: AzureContext, [cluster, name]: Names, asked: PoolProperties): PoolRecord => {
  if (!NAME.test(name)) refuseBy("poolName", "InvalidParameter", `The agent pool name ${name} is invalid.`);
  if (asked.creationData !== undefined) notCovered("a pool made of a snapshot");
  checkVmSize(asked.vmSize);
  checkMode(asked);
  checkBounds(asked);
  const plane = mustCluster(context, cluster).version;
  const version = resolveVersion(asked.orchestratorVersion ?? plane);
  checkVersion(plane, version);
  return {
    ...{ cluster, name, version },
    properties: { count: 1, ...asked },
    nodeImageVersion: newestImage(asked.osSKU),
    provisioningState: "Creating",
    revision: 1,
  };
};

interface Asked {
  readonly properties?: PoolProperties;
  readonly etag?: string;
}

/** Makes the pool, finishes one that failed, or changes what may change of one that is there. */
export const putPool = (context: AzureContext, names: Names, { properties = {}, etag }: Asked): Outcome => {
  mustCluster(context, names[0]);
  checkFree(context, names[0]);
  const found = findPool(context, ...names);
  const asked = Object.fromEntries(
    Object.entries(properties).filter(([key]) => !OUTPUTS.includes(key)),
  ) as PoolProperties;
  if (found === undefined) return createPool(context, names, asked);
  if (etag !== undefined && etag !== etagOf(found))
    refuseBy("etag", "PreconditionFailed", "The eTag of the agent pool is another one.");
  return found.provisioningState === "Failed"
    ? { status: 200, body: describePool(context, found), operation: raise(context, found) }
    : changePool(context, found, asked);
};

const createPool = (context: AzureContext, names: Names, asked: PoolProperties): Outcome => {
  const pool = newPool(context, names, asked);
  context.state.pools[poolKey(...names)] = pool;
  return { status: 201, body: describePool(context, pool), operation: raise(context, pool) };
};

/** Also what a stand-in that was started again does with a pool it finds half made. */
export const raise = (context: AzureContext, pool: PoolRecord): OperationRecord => {
  const { location } = mustCluster(context, pool.cluster);
  const subject = pool.properties.nodeLabels?.[GENERATION] ?? pool.name;
  pool.provisioningState = "Creating";
  return runOperation(context, {
    cluster: pool.cluster,
    what: `${pool.name} - Creating`,
    work: async signal => {
      try {
        await context.failures.pass("AgentPoolMachines", subject, signal);
        await raisePool(pool, { subscription: context.subscription, location }, signal);
        ending.succeed(pool);
      } catch (error) {
        if (!signal.aborted) ending.fail(pool, error as Error);
        throw error;
      }
    },
  });
};

const FIXED = [
  ...["vmSize", "vnetSubnetID", "podSubnetID", "availabilityZones", "osType", "osSKU", "type"],
  ...["creationData", "orchestratorVersion"],
];

const differs = (a: unknown, b: unknown): boolean => JSON.stringify(a) !== JSON.stringify(b);

const checkFixed = (pool: PoolRecord, asked: PoolProperties): void => {
  const now: PoolProperties = { ...pool.properties, orchestratorVersion: pool.version };
  const changed = FIXED.filter(key => asked[key] !== undefined && differs(asked[key], now[key]));
  if (changed.includes("orchestratorVersion")) notCovered("an upgrade of a pool in place");
  if (changed.length > 0)
    refuseBy("fixedAtBirth", "PropertyChangeNotAllowed", `Changing ${changed.join(", ")} is not allowed.`);
};

/** What a request leaves out stays as it is; with the autoscaler off there are no bounds. */
const merge = ({ properties }: PoolRecord, asked: PoolProperties): PoolProperties => {
  const { minCount, maxCount, ...rest } = { ...properties, ...asked };
  return rest.enableAutoScaling === true ? { ...rest, minCount, maxCount } : rest;
};

const changePool = (context: AzureContext, pool: PoolRecord, asked: PoolProperties): Outcome => {
  checkFixed(pool, asked);
  if (asked.enableAutoScaling === false) checkBounds(asked);
  const next = merge(pool, asked);
  checkBounds(next);
  checkMode(next);
  const operation = runOperation(context, {
    cluster: pool.cluster,
    what: `${pool.name} - Updating`,
    work: async signal => {
      const before = pool.properties;
      Object.assign(pool, { properties: next, revision: pool.revision + 1 });
      await settlePool(pool, before, signal);
    },
  });
  return { status: 200, body: describePool(context, pool), operation };
};

const isLastSystemPool = (context: AzureContext, pool: PoolRecord): boolean =>
  pool.properties.mode === "System" &&
  poolsOf(context, pool.cluster).filter(({ properties }) => properties.mode === "System").length === 1;

export const deletePool = (context: AzureContext, names: Names): Outcome => {
  const pool = mustPool(context, ...names);
  checkFree(context, pool.cluster);
  if (isLastSystemPool(context, pool))
    refuseBy(
      "systemPool",
      "BadRequest",
      `There has to be at least one system agent pool in the cluster: ${pool.name} is the last one.`,
    );
  pool.provisioningState = "Deleting";
  const operation = runOperation(context, {
    cluster: pool.cluster,
    what: `${pool.name} - Deleting`,
    work: async signal => {
      await razePool(pool, signal);
      Reflect.deleteProperty(context.state.pools, poolKey(...names));
    },
  });
  return { status: 202, body: {}, operation };
};

export const machinesOf = async (context: AzureContext, names: Names): Promise<Outcome> => {
  const pool = mustPool(context, ...names);
  const found = await listMachines(pool, context.background.signal);
  return ok({ value: found.map(name => ({ id: `${poolId(context, pool)}/machines/${name}`, name })) });
};

export const deleteMachines = (
  context: AzureContext,
  names: Names,
  { machineNames }: { readonly machineNames: readonly string[] },
): Outcome => {
  const pool = mustPool(context, ...names);
  checkFree(context, pool.cluster);
  const { count = 0 } = pool.properties;
  const left = count - machineNames.length;
  checkMode({ ...pool.properties, count: left });
  const operation = runOperation(context, {
    cluster: pool.cluster,
    what: `${pool.name} - DeletingMachines`,
    work: async signal => {
      await endMachines(pool, machineNames, signal);
      Object.assign(pool, { properties: { ...pool.properties, count: left }, revision: pool.revision + 1 });
    },
  });
  return { status: 202, body: {}, operation };
};
