import { parseStack } from "../../../../core/config";
import { generationId } from "../../../../core/identity/generation";
import { EMPTY_LEDGER, type Ledger } from "../../../../core/upgrade/ledger";
import {
  type DesiredCluster,
  evaluateUpgrade,
  type Evaluation,
  type ObservedCluster,
  type ObservedNode,
  type ObservedVersion,
} from "../../../../core/upgrade/rules";
import { CATALOG } from "../../../../data";

export const NOW = "2026-11-21T00:00:00Z";
const size = { min: 1, max: 5 };

/** A desired cluster as the program makes it: from parsed config. */
export const desire = (cluster: object, pools: Record<string, object> = { workers: {} }): DesiredCluster => {
  const sized = Object.fromEntries(Object.entries(pools).map(([name, pool]) => [name, { size, ...pool }]));
  const parsed = parseStack({ cluster: { name: "local", cloud: "lab", ...cluster }, pools: sized });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems, null, 1));
  const { value } = parsed;
  return {
    cluster: value.cluster,
    pools: value.pools,
    generations: Object.fromEntries(value.pools.map(pool => [pool.name, generationId("local", pool)])),
    kubeletMayTrail: 3,
    controlPlaneBack: "emulated",
  };
};

/** The generation of a pool with default settings at a version. */
export const idAt = (version: string, pool = "workers"): string =>
  generationId("local", { name: pool, version, zones: [], labels: {}, taints: [] });

let count = 0;
export const node = (kubelet: string, over: Partial<ObservedNode> = {}): ObservedNode => {
  count += 1;
  const minor = /^v?(\d+\.\d+)/.exec(kubelet)?.[1] ?? "0.0";
  const generation = over.generation ?? idAt(minor, over.pool);
  return { name: `n${count}`, kubelet, pool: "workers", generation, ready: true, schedulable: true, ...over };
};

/** A node of nobody's pool. */
export const stranger = (kubelet: string): ObservedNode => ({
  name: "foreign",
  kubelet,
  ready: true,
  schedulable: true,
});

export const ledgerWith = (active: Record<string, string>, over: Partial<Ledger> = {}): Ledger => ({
  ...over,
  pools: Object.fromEntries(
    Object.entries(active).map(([pool, id]) => [pool, { active: id, epoch: 1, completed: 1 }]),
  ),
});

export const observe = (
  version: ObservedVersion | undefined,
  nodes: readonly ObservedNode[],
  ledger: Ledger = EMPTY_LEDGER,
): ObservedCluster => ({ nodes, ledger, ...(version === undefined ? {} : { version }) });

export const evaluate = (observed: ObservedCluster, desired: DesiredCluster): Evaluation =>
  evaluateUpgrade(observed, desired, { catalog: CATALOG, now: NOW });

export const blockersOf = (observed: ObservedCluster, desired: DesiredCluster): string[] =>
  evaluate(observed, desired).blockers.map(({ code }) => code);
