import { parseStack } from "../../../../core/config";
import type { ObservedNode } from "../../../../core/upgrade/cluster";
import { machinesToCome } from "../../../../core/upgrade/toCome";

const parse = (pool: object) => {
  const parsed = parseStack({
    cluster: { name: "c", cloud: "lab", version: "1.36" },
    pools: { workers: { size: { min: 2, max: 6 }, ...pool } },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return { pools: parsed.value.pools, generations: { workers: "green" } };
};

const nodes = (pool: string, generation: string | undefined, count: number): ObservedNode[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{
      name: `${pool}-${generation ?? "none"}-${index}`,
      kubelet: "v1.35.0",
      ready: true,
      schedulable: true,
    },
    pool,
    ...(generation === undefined ? {} : { generation }),
  }));

const count = (pool: object, there: readonly ObservedNode[]): number | undefined =>
  machinesToCome({ nodes: there }, parse(pool))[0]?.count;

const waves = { strategy: { poolSurge: "50%" } };

describe("machines to come", () => {
  it.each([
    ["a new pool: its least size", {}, [], 2],
    ["a whole second pool", {}, nodes("workers", "blue", 4), 4],
    ["never more than the pool may have", {}, nodes("workers", "blue", 9), 6],
    [
      "what a run that was cut off still lacks",
      {},
      [...nodes("workers", "blue", 4), ...nodes("workers", "green", 3)],
      1,
    ],
    ["in waves: the surge", waves, nodes("workers", "blue", 4), 2],
    [
      "in waves, half-way: what the surge still leaves",
      waves,
      [...nodes("workers", "blue", 4), ...nodes("workers", "green", 1)],
      1,
    ],
    ["other pools' nodes count for nothing", {}, nodes("other", "blue", 5), 2],
  ] as const)("%s", (_what, pool, there, expected) => {
    expect(count(pool, there)).toBe(expected);
  });

  it.each([
    ["on its generation already", {}, nodes("workers", "green", 3)],
    ["held", { hold: true, version: "1.35" }, nodes("workers", "blue", 3)],
    ["removed", { remove: true }, nodes("workers", "blue", 3)],
    [
      "in waves with the surge used up",
      waves,
      [...nodes("workers", "blue", 4), ...nodes("workers", "green", 2)],
    ],
  ] as const)("nothing: %s", (_what, pool, there) => {
    expect(count(pool, there)).toBeUndefined();
  });
});
