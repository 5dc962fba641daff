import type { Problem } from "../../../../core/problem";
import { desire, evaluate, idAt, ledgerWith, node, observe } from "./situations";

const plain = { zones: ["a", "b"] };
const zoned = { ...plain, perZone: true };
const version = { version: "1.36" };

const vanished = (pools: readonly string[], wanted: Record<string, object>): readonly Problem[] => {
  const nodes = pools.map(pool => node("v1.36.4", { pool }));
  const ledger = ledgerWith(Object.fromEntries(pools.map(pool => [pool, idAt("1.36", pool)])));
  const { blockers } = evaluate(observe({ binary: "1.36.4" }, nodes, ledger), desire(version, wanted));
  return blockers.filter(({ code }) => code === "Pool.Vanished");
};

describe("perZone on a pool that is there", () => {
  it("is another set of pools: refused, with the way that keeps the old one until it is empty", () => {
    expect(vanished(["workers"], { workers: zoned })).toEqual([
      {
        code: "Pool.Vanished",
        path: "pools.workers",
        message:
          'pool "workers" is in the cluster but not in config, whose block of that name now makes workers-a, workers-b; a pool is given up by emptying it first',
        fix: "take perZone out of pools.workers, write a block of another name with perZone: true and run `pulumi up`; then set pools.workers.remove: true and run it again",
      },
    ]);
  });

  it("that way is taken by the rules: the new pools beside the old one, then the old one on its way out", () => {
    expect(vanished(["workers"], { workers: plain, web: zoned })).toEqual([]);
    expect(
      vanished(["workers", "web-a", "web-b"], { workers: { ...plain, remove: true }, web: zoned }),
    ).toEqual([]);
  });

  it("and back is the same: the pools of the zones are written out to be removed", () => {
    expect(
      vanished(["workers-a", "workers-b"], { workers: plain }).map(({ path, fix }) => [path, fix]),
    ).toEqual(
      ["workers-a", "workers-b"].map(name => [
        `pools.${name}`,
        `put pools.${name} back with remove: true, run \`pulumi up\`, then remove its entry`,
      ]),
    );
    const removed = (zone: string): object => ({ zones: [zone], remove: true });
    const written = { workers: plain, "workers-a": removed("a"), "workers-b": removed("b") };
    expect(vanished(["workers-a", "workers-b"], written)).toEqual([]);
  });
});

describe("a zone that is taken out of a block", () => {
  it("is refused, with the block that empties its pool", () => {
    expect(vanished(["workers-a", "workers-b", "workers-c"], { workers: zoned })).toMatchObject([
      {
        path: "pools.workers-c",
        fix: "write pools.workers-c as a block of its own with the settings of pools.workers, zones: [c] and remove: true, run `pulumi up`, then remove its entry",
      },
    ]);
    const apart = { workers: zoned, "workers-c": { zones: ["c"], remove: true } };
    expect(vanished(["workers-a", "workers-b", "workers-c"], apart)).toEqual([]);
  });
});
