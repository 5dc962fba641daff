import {
  judgePlane,
  judgePools,
  type Need,
} from "../../../../../../components/clouds/eks/live/readiness/addresses";
import type { Subnet } from "../../../../../../components/clouds/eks/live/zones";

const subnets = (a: number, b: number): readonly Subnet[] => [
  { id: "s-a", zone: "eu-west-1a", free: a },
  { id: "s-b", zone: "eu-west-1b", free: b },
];

const need = (pool: string, nodes: number, own: readonly string[] = ["s-a", "s-b"]): Need => ({
  ...{ pool, nodes, subnets: own },
  ...{ least: 1, usual: 10 },
});

const codes = ({ blockers, warnings }: ReturnType<typeof judgePools>) => ({
  blockers: blockers.map(({ code }) => code),
  warnings: warnings.map(({ code }) => code),
});

describe("free addresses for nodes to come", () => {
  it("are enough where each node may fill an interface", () => {
    expect(codes(judgePools(subnets(10, 10), [need("a", 2)]))).toEqual({ blockers: [], warnings: [] });
  });

  it("are tight below that, as the CNI's own settings decide it", () => {
    expect(codes(judgePools(subnets(10, 9), [need("a", 2)]))).toEqual({
      ...{ blockers: [], warnings: ["Eks.SubnetsTight"] },
    });
  });

  it("are refused where not even each node gets its own", () => {
    const { blockers } = judgePools(subnets(1, 0), [need("workers", 2)]);
    expect(blockers).toMatchObject([
      {
        code: "Eks.SubnetsFull",
        message:
          "found 1 free addresses (s-a in eu-west-1a: 1, s-b in eu-west-1b: 0); the 2 nodes to come of workers need at least one each, before any pod",
      },
    ]);
  });

  it("are shared: two pools that fit alone are refused together", () => {
    const pools = [need("a", 2, ["s-a"]), need("b", 3)];
    expect(judgePools(subnets(2, 2), pools).blockers).toMatchObject([
      { message: expect.stringContaining("the 5 nodes to come of a, b") as string },
    ]);
    expect(judgePools(subnets(2, 3), pools).blockers).toEqual([]);
  });

  it("warn of a zone that has none left while the others have", () => {
    expect(codes(judgePools(subnets(0, 100), [need("a", 2)]))).toEqual({
      ...{ blockers: [], warnings: ["Eks.SubnetFull"] },
    });
  });

  it("are never taken for granted where EC2 does not say", () => {
    expect(codes(judgePools([{ id: "s-a", zone: "z" }], [need("a", 1, ["s-a"])])).warnings).toEqual([
      "Eks.AddressesUnknown",
    ]);
  });
});

describe("free addresses for the control plane", () => {
  it.each([
    [3, 2, []],
    [3, 1, ["Eks.NoAddressesForUpgrade"]],
  ])("%d and %d", (a, b, expected) => {
    expect(judgePlane(subnets(a, b), ["s-a", "s-b"]).blockers.map(({ code }) => code)).toEqual(expected);
  });
});
