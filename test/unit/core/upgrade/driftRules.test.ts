import { blockersOf, desire, evaluate, idAt, node, observe } from "./situations";

const at136 = { binary: "1.36.4" };
const trailing = (pool: object = {}) =>
  desire({ version: "1.36" }, { workers: { version: "1.35", ...pool } });
const moved = (name: string) => node("v1.36.4-eks-1234", { name, generation: idAt("1.35") });

describe("nodes of a generation that somebody upgraded in place", () => {
  it("are refused by name, with the line to change", () => {
    const { blockers } = evaluate(observe(at136, [node("v1.35.8"), moved("b"), moved("a")]), trailing());
    expect(blockers).toMatchObject([{ code: "Pool.DriftedAhead", path: "pools.workers.version" }]);
    expect(blockers[0]?.message).toContain('found "1.35" while a, b of its generation run kubelet 1.36.4');
    expect(blockers[0]?.fix).toContain('set pools.workers.version: "1.36"');
  });

  it("are named beside a control plane that moved as well", () => {
    const found = blockersOf(
      observe(at136, [moved("a")]),
      desire({ version: "1.35" }, { workers: { version: "1.35" } }),
    );
    expect(found).toEqual(expect.arrayContaining(["ControlPlane.DriftedAhead", "Pool.DriftedAhead"]));
  });

  it.each([
    ["of another generation, which is green", [node("v1.35.8"), node("v1.36.4")], trailing()],
    ["that are newer by a patch", [node("v1.35.9", { generation: idAt("1.35") })], trailing()],
    ["of a pool that goes", [moved("a")], trailing({ remove: true })],
  ])("are no such nodes: those %s", (_which, nodes, desired) => {
    expect(blockersOf(observe(at136, nodes), desired)).not.toContain("Pool.DriftedAhead");
  });

  it("no longer stand in the way once config asks for the version they run", () => {
    expect(blockersOf(observe(at136, [moved("a")]), desire({ version: "1.36" }))).toEqual([]);
  });
});
