import { LABEL } from "../../../../core/identity/names";
import { type Problem, ProblemError } from "../../../../core/problem";
import { listNodes } from "../../../../kube";
import type { PoolChange, PoolRef } from "../../../../operations/ports";
import { withCluster } from "./access";

/*
 * A generation's machines are those that config lists. They join and leave as resources of the graph; nothing refills
 * them, so closing and opening have nothing to do and nothing to record.
 */

const nodesOf = ({ connection, generation }: PoolRef): Promise<readonly string[]> =>
  withCluster(connection, async kube => {
    const nodes = await listNodes(kube, { labels: { [LABEL.generation]: generation } });
    return nodes.map(({ name }) => name);
  });

/** The machines that have joined. */
export const poolSize = async (pool: PoolRef): Promise<number | "absent"> => {
  const nodes = await nodesOf(pool);
  return nodes.length === 0 ? "absent" : nodes.length;
};

export const resizePool = async (pool: PoolChange, size: number): Promise<void> => {
  const found = (await nodesOf(pool)).length;
  if (size !== found) throw new ProblemError("the pool's machines are listed", [listed(pool, found, size)]);
};

export const releaseNodes = async (pool: PoolChange, nodes: readonly string[]): Promise<void> => {
  const found = new Set(await nodesOf(pool));
  const there = nodes.filter(name => found.has(name));
  if (there.length > 0) throw new ProblemError("machines stay with their generation", [stays(pool, there)]);
};

const listed = ({ pool, generation }: PoolRef, found: number, size: number): Problem => ({
  code: "Kubeadm.HostsListed",
  path: `pools.${pool}.hosts`,
  message: `${generation} has ${found} joined machines and ${size} are wanted; nobody makes machines here, they are left or added in config`,
  fix: `list ${size} hosts and set the pool's size to as many`,
});

const stays = ({ pool, generation }: PoolRef, nodes: readonly string[]): Problem => ({
  code: "Kubeadm.NotReleased",
  path: `pools.${pool}.hosts`,
  message: `${nodes.join(", ")} can't be given back alone; machines leave with ${generation}`,
  fix: "list another generation's machines: these are reset once it has taken over",
});
