import fc from "fast-check";
import {
  backendsToTry,
  parseOrders,
  withBackends,
  type Backend,
} from "../../../../controlplane/balancer/state";

const backend = (name: string, open: boolean): Backend => ({ name, port: 1, open });
const names = (backends: readonly Backend[]): readonly string[] => backends.map(({ name }) => name);

describe("backendsToTry", () => {
  const orders = { revision: 1, backends: [backend("a", true), backend("b", true), backend("c", false)] };

  it("starts one further for each connection", () => {
    expect(names(backendsToTry(orders, 0))).toEqual(["a", "b"]);
    expect(names(backendsToTry(orders, 1))).toEqual(["b", "a"]);
    expect(names(backendsToTry(orders, 2))).toEqual(["a", "b"]);
  });

  it("has nobody to try when all are closed", () => {
    expect(backendsToTry({ revision: 1, backends: [backend("a", false)] }, 3)).toEqual([]);
  });

  it("tries every open backend once and never a closed one", () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 6 }), fc.nat(), (opens, turn) => {
        const backends = opens.map((open, index) => backend(String(index), open));
        const tried = backendsToTry({ revision: 1, backends }, turn);
        expect([...names(tried)].sort()).toEqual(names(backends.filter(({ open }) => open)));
      }),
    );
  });
});

describe("parseOrders", () => {
  it("reads back what was written", () => {
    const orders = withBackends(undefined, [backend("a", true)]);
    expect(parseOrders(JSON.stringify(orders))).toEqual(orders);
  });

  it.each([
    "",
    "null",
    "[]",
    '{"revision":1}',
    '{"revision":1,"backends":[{"name":"a"}]}',
    '{"revision":1,"back',
  ])("gives nothing for %j, so that the old orders stay", text => {
    expect(parseOrders(text)).toBeUndefined();
  });
});

describe("withBackends", () => {
  it("counts the revision up", () => {
    const first = withBackends(undefined, []);
    expect(withBackends(first, [backend("a", true)]).revision).toBe(first.revision + 1);
  });
});
