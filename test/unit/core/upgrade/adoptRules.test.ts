import type { DesiredCluster } from "../../../../core/upgrade/rules";
import { blockersOf, desire, idAt, ledgerWith, node, observe } from "./situations";

const adopt = { generation: idAt("1.35") };
const at135 = { binary: "1.35.8" };

const adopting = (version: string): DesiredCluster => {
  const desired = desire({ version });
  return { ...desired, pools: desired.pools.map(pool => ({ ...pool, adopt })) };
};

describe("a pool with adopted machines", () => {
  it("is taken over as it is", () => {
    expect(blockersOf(observe(at135, [node("v1.35.8")]), adopting("1.35"))).toEqual([]);
  });

  it("does not move on before the `up` that takes it over", () => {
    expect(blockersOf(observe(at135, [node("v1.35.8")]), adopting("1.36"))).toEqual([
      "Pool.AdoptedComesFirst",
    ]);
  });

  it("moves on as any other once that is recorded", () => {
    const ledger = ledgerWith({ workers: idAt("1.35") });
    expect(blockersOf(observe(at135, [node("v1.35.8")], ledger), adopting("1.36"))).toEqual([]);
  });

  it("is no obstacle once its nodes are gone", () => {
    expect(blockersOf(observe({ binary: "1.36.4" }, [node("v1.36.4")]), adopting("1.36"))).toEqual([]);
  });
});
