import { type Problem, ProblemError } from "../../../../core/problem";
import { type KubeClient, readProviderId } from "../../../../kube";
import type { PoolChange, PoolRef } from "../../../../operations/ports";
import { withCluster } from "./access";
import { deleteMachines, type Group, readGroups, resizeGroup } from "./groups";
import { findPool, mustFind } from "./nodePool";
import { describePool } from "./operation";
import { closed } from "./prior";
import { spread, sum } from "./spread";

const sizesOf = (groups: readonly Group[]): readonly number[] => groups.map(({ size }) => size);

/** Over all zones, as their instance groups have it. */
export const poolSize = async (pool: PoolRef): Promise<number | "absent"> => {
  const found = await findPool(pool);
  return found === undefined ? "absent" : sum(sizesOf(await readGroups(pool, found)));
};

export const resizePool = async (pool: PoolChange, desired: number): Promise<void> => {
  const groups = await readGroups(pool, await mustFind(pool));
  const now = sum(sizesOf(groups));
  if (now === desired) return;
  if (desired > now && (await closed.read(pool)) !== undefined)
    throw new ProblemError("the pool is closed", [beingLeft(pool, now, desired)]);
  const next = spread(sizesOf(groups), desired);
  for (const [index, group] of groups.entries()) {
    const size = next[index] ?? group.size;
    if (size !== group.size) await resizeGroup(pool, group, size);
  }
};

const beingLeft = (pool: PoolRef, now: number, desired: number): Problem => ({
  code: "Gke.PoolClosed",
  path: `pools.${pool.pool}`,
  message: `${describePool(pool)} is being left and can't grow from ${now} to ${desired}`,
  fix: "set the pool's version back to open it again",
});

/** Each machine goes by its own name, from the group of its zone. */
export const releaseNodes = async (pool: PoolChange, nodes: readonly string[]): Promise<void> => {
  const found = nodes.length === 0 ? undefined : await findPool(pool);
  if (found === undefined) return;
  const machines = await withCluster(pool.connection, kube => machinesOf(kube, pool, nodes));
  for (const group of await readGroups(pool, found)) {
    const names = (machines ?? []).filter(({ zone }) => zone === group.zone).map(({ name }) => name);
    if (names.length > 0) await deleteMachines(pool, group, names);
  }
};

interface Machine {
  readonly zone: string;
  readonly name: string;
}

/** "gce://project/europe-west1-b/gke-eu-workers-…": set by Google's cloud provider on every node. */
const INSTANCE = /^gce:\/\/[^/]+\/([^/]+)\/([^/]+)$/;

/** A node that is gone has no machine left to give back. */
const machinesOf = async (
  kube: KubeClient,
  pool: PoolRef,
  nodes: readonly string[],
): Promise<readonly Machine[]> => {
  const found = await Promise.all(nodes.map(name => machineOf(kube, pool, name)));
  return found.flatMap(machine => machine ?? []);
};

const machineOf = async (kube: KubeClient, pool: PoolRef, node: string): Promise<Machine | undefined> => {
  const providerId = await readProviderId(kube, node);
  if (providerId === undefined) return undefined;
  const [, zone, name] = INSTANCE.exec(providerId) ?? [];
  if (zone === undefined || name === undefined)
    throw new ProblemError("no machine", [noInstance(pool, node, providerId)]);
  return { zone, name };
};

const noInstance = ({ pool }: PoolRef, name: string, found: string): Problem => ({
  code: "Gke.NodeWithoutInstance",
  path: `pools.${pool}`,
  message: `node ${name} has providerID "${found}", which names no instance of Compute Engine`,
  fix: "see why Google's cloud provider did not initialise it",
});
