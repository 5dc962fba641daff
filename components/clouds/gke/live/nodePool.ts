import { ProblemError } from "../../../../core/problem";
import type { PoolChange, PoolRef } from "../../../../operations/ports";
import { LABEL } from "../../../../core/identity/names";
import { nodePoolName } from "../facts";
import { clusterUrl, locationUrl } from "./access";
import { askFor } from "./call";
import { send } from "./client";
import { change, describePool } from "./operation";

export interface Autoscaling {
  readonly enabled?: boolean;
  readonly totalMinNodeCount?: number;
  readonly totalMaxNodeCount?: number;
  readonly locationPolicy?: string;
}

export interface Management {
  readonly autoRepair?: boolean;
  readonly autoUpgrade?: boolean;
}

export interface NodeTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** What is read of a node pool: REST resource projects.locations.clusters.nodePools. */
export interface NodePool {
  readonly name?: string;
  readonly status?: string;
  readonly autoscaling?: Autoscaling;
  readonly management?: Management;
  readonly config?: {
    readonly taints?: readonly NodeTaint[];
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly instanceGroupUrls?: readonly string[];
}

/** Found once a process: an adopted pool keeps its name. */
const names = new Map<string, string>();

const poolsUrl = ({ connection }: PoolRef): string => `${clusterUrl(connection)}/nodePools`;

/** Under the generation's own name, or the one that an adopted pool had before. */
const urlOf = (pool: PoolRef): string =>
  `${poolsUrl(pool)}/${names.get(`${poolsUrl(pool)}/${pool.generation}`) ?? nodePoolName(pool.generation)}`;

/** An adopted pool is known by its label, which `changeover adopt` gives it; GKE changes labels in place. */
const searchPool = async (pool: PoolRef): Promise<NodePool | undefined> => {
  const asked = { permission: "container.clusters.get", on: `cluster ${pool.connection.name}` };
  const found = await askFor(asked, () =>
    send<{ readonly nodePools?: readonly NodePool[] }>({ method: "GET", url: poolsUrl(pool) }),
  );
  const adopted = found?.nodePools?.find(one => one.config?.labels?.[LABEL.generation] === pool.generation);
  if (adopted?.name !== undefined) names.set(`${poolsUrl(pool)}/${pool.generation}`, adopted.name);
  return adopted;
};

/** `undefined` = GKE knows none, or it is on its way out. */
export const findPool = async (pool: PoolRef): Promise<NodePool | undefined> => {
  const asked = { permission: "container.clusters.get", on: describePool(pool) };
  const own = await askFor(asked, () => send<NodePool>({ method: "GET", url: urlOf(pool) }));
  const found = own ?? (await searchPool(pool));
  return found?.status === "STOPPING" ? undefined : found;
};

export const mustFind = async (pool: PoolRef): Promise<NodePool> => {
  const found = await findPool(pool);
  if (found !== undefined) return found;
  throw new ProblemError("no node pool", [
    {
      code: "Gke.NoNodePool",
      path: `pools.${pool.pool}`,
      message: `GKE has no ${describePool(pool)}`,
      fix: "run `pulumi up` again: it makes the node pool first",
    },
  ]);
};

const alter = (
  pool: PoolChange,
  request: { method: "POST" | "PUT"; url: string; body: object },
): Promise<void> =>
  change(pool, {
    permission: "container.clusters.update",
    look: "container.operations.get",
    operations: `${locationUrl(pool.connection)}/operations`,
    request,
  });

export const setAutoscaling = (pool: PoolChange, autoscaling: Autoscaling): Promise<void> =>
  alter(pool, { method: "POST", url: `${urlOf(pool)}:setAutoscaling`, body: { autoscaling } });

export const setManagement = (pool: PoolChange, management: Management): Promise<void> =>
  alter(pool, { method: "POST", url: `${urlOf(pool)}:setManagement`, body: { management } });

/** GKE changes the taints of the nodes that are there, too, and restarts none. */
export const setTaints = (pool: PoolChange, taints: readonly NodeTaint[]): Promise<void> =>
  alter(pool, { method: "PUT", url: urlOf(pool), body: { taints: { taints } } });

/**
 * GKE takes the whole map of labels, and keeps it for nodes that join later:
 * docs.cloud.google.com/kubernetes-engine/docs/how-to/update-existing-nodepools
 */
export const markPool = async (pool: PoolChange, name: string): Promise<void> => {
  names.set(`${poolsUrl(pool)}/${pool.generation}`, name);
  const { config } = await mustFind(pool);
  const labels = { ...config?.labels, [LABEL.pool]: pool.pool, [LABEL.generation]: pool.generation };
  await alter(pool, { method: "PUT", url: urlOf(pool), body: { labels: { labels } } });
};
