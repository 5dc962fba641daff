import { parseStack } from "../../../../core/config";
import type { ObservedNode } from "../../../../core/upgrade/cluster";
import { machinesToCome, nodesToGain } from "../../../../core/upgrade/toCome";

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

const halfWay = (green: number): ObservedNode[] => [
  ...nodes("workers", "blue", 4),
  ...nodes("workers", "green", green),
];

describe("machines to come", () => {
  it.each([
    { what: "a new pool: its least size", there: [], expected: 2 },
    { what: "a whole second pool", there: nodes("workers", "blue", 4), expected: 4 },
    { what: "never more than the pool may have", there: nodes("workers", "blue", 9), expected: 6 },
    { what: "what a run that was cut off still lacks", there: halfWay(3), expected: 1 },
    { what: "in waves: the surge", pool: waves, there: nodes("workers", "blue", 4), expected: 2 },
    { what: "in waves, half-way: what the surge still leaves", pool: waves, there: halfWay(1), expected: 1 },
    { what: "other pools' nodes count for nothing", there: nodes("other", "blue", 5), expected: 2 },
  ])("$what", ({ pool = {}, there, expected }) => {
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

describe("nodes that a pool gains over its whole move", () => {
  const gain = (pool: object, active: number, leaving: number) => {
    const { pools, generations } = parse(pool);
    const [spec] = pools;
    if (spec === undefined) throw new Error("no pool");
    return nodesToGain(spec, generations.workers, { active, leaving });
  };

  it("are as many as leave, and as config lets it have at most", () => {
    expect(gain({}, 0, 4)).toEqual({ start: 4, most: 6 });
    expect(gain({}, 3, 4)).toEqual({ start: 1, most: 3 });
    expect(gain({}, 8, 0)).toEqual({ start: 0, most: 0 });
  });

  it("do not depend on the surge: what waves give back comes again", () => {
    expect(gain(waves, 0, 4)).toEqual({ start: 4, most: 6 });
  });

  it.each([{ remove: true }, { hold: true, version: "1.35" }])("are none of a pool with %p", pool => {
    expect(gain(pool, 0, 4)).toEqual({ start: 0, most: 0 });
  });
});
