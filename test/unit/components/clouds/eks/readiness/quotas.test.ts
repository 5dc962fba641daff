import { judgeGroups } from "../../../../../../components/clouds/eks/live/readiness/groupQuotas";
import { judgePlace } from "../../../../../../components/clouds/eks/live/readiness/places";
import { vcpuClassOf } from "../../../../../../components/clouds/eks/live/readiness/vcpuClasses";
import { judgeVcpus, sumByClass } from "../../../../../../components/clouds/eks/live/readiness/vcpus";

const standard = vcpuClassOf("m7i.large");
if (standard === undefined) throw new Error("m is a standard family");
const codes = ({ blockers, warnings }: ReturnType<typeof judgeVcpus>): readonly string[] =>
  [...blockers, ...warnings].map(({ code }) => code);
const usage = (used: number) => ({ used, at: "2026-11-22T00:00:00Z" });

describe("quotas of vCPUs", () => {
  it.each([
    ["m7i.large", "L-1216C47A"],
    ["im4gn.large", "L-1216C47A"],
    ["t4g.small", "L-1216C47A"],
    ["g5.xlarge", "L-DB2E81BA"],
    ["p5.48xlarge", "L-417A185B"],
    ["inf2.xlarge", undefined],
    ["mac2.metal", undefined],
  ])("%s counts to %s", (machine, code) => {
    expect(vcpuClassOf(machine)?.code).toBe(code);
  });

  it.each([
    ["m7i.large", "L-34B43A08"],
    ["g5.xlarge", "L-3819A6DF"],
    ["p5.48xlarge", "L-7212CCBC"],
    ["x2gd.large", undefined],
  ])("%s on spot counts to %s", (machine, code) => {
    expect(vcpuClassOf(machine, "spot")?.code).toBe(code);
  });

  it("of spot machines and those on demand are apart", () => {
    const machines = [
      { machine: "m7i.large", count: 3 },
      { machine: "m7i.large", count: 5, capacity: "spot" as const },
    ];
    const { classes } = sumByClass(machines, [{ name: "m7i.large", vcpus: 2, addressesPerInterface: 10 }]);
    expect([...classes].map(([{ code }, vcpus]) => [code, vcpus])).toEqual([
      ["L-1216C47A", 6],
      ["L-34B43A08", 10],
    ]);
  });

  it("add up per class over all pools; a family without a known quota is named", () => {
    const type = (name: string, vcpus: number) => ({ name, vcpus, addressesPerInterface: 10 });
    const types = [type("m7i.large", 2), type("r7i.xlarge", 4), type("inf2.xlarge", 4)];
    const machines = [
      { machine: "m7i.large", count: 3 },
      { machine: "r7i.xlarge", count: 2 },
      { machine: "inf2.xlarge", count: 1 },
    ];
    const { classes, unknown } = sumByClass(machines, types);
    expect([...classes]).toEqual([[standard, 14]]);
    expect(unknown).toEqual(["inf2.xlarge"]);
  });

  it("hold up to the last vCPU", () => {
    expect(judgeVcpus(standard, 8, { quota: { value: 32 }, usage: usage(24) })).toEqual({
      ...{ blockers: [], warnings: [] },
    });
    const { blockers } = judgeVcpus(standard, 8, { quota: { value: 32 }, usage: usage(25) });
    expect(blockers).toMatchObject([{ code: "Eks.VcpuQuota" }]);
    expect(blockers[0]?.message).toContain(
      "need 8 vCPUs beside the 25 that run (counted by AWS at 2026-11-22",
    );
    expect(blockers[0]?.fix).toContain("--quota-code L-1216C47A --desired-value 33");
  });

  it.each([
    ["more than all of it", { quota: { value: 4 }, usage: undefined }, "Eks.VcpuQuota"],
    ["no count of what runs", { quota: { value: 64 }, usage: undefined }, "Eks.VcpuUsageUnknown"],
    ["no quota", { quota: undefined, usage: undefined }, "Eks.VcpuQuotaUnknown"],
  ])("%s", (_what, facts, expected) => {
    expect(codes(judgeVcpus(standard, 8, facts))).toEqual([expected]);
  });
});

describe("quotas of node groups", () => {
  const there = ["blue"];
  const pool = (name: string, max = 4) => ({ pool: name, name, max });

  it("count groups that are to come, not those a cut-off run has made", () => {
    const limits = { there, groups: 2, nodes: 450 };
    expect(judgeGroups([pool("blue"), pool("green")], limits).blockers).toEqual([]);
    expect(judgeGroups([pool("green"), pool("other")], limits).blockers).toMatchObject([
      {
        code: "Eks.GroupQuota",
        message: "found 1 node groups; 2 more would be 3, and the quota of a cluster is 2",
      },
    ]);
  });

  it("bound the largest size of a pool", () => {
    expect(judgeGroups([pool("green", 451)], { there, groups: 30, nodes: 450 }).blockers).toMatchObject([
      { code: "Eks.NodeQuota", path: "pools.green.size.max" },
    ]);
  });
});

describe("machines in their zones", () => {
  const offered = new Map([["m7i.large", ["eu-west-1a", "eu-west-1c"]]]);
  const place = (machine: string, zones: readonly string[]) =>
    judgePlace({ pool: "workers", spec: { machine } }, zones, { region: "eu-west-1", offered });

  it("are refused where a zone does not have them, with the zones that do", () => {
    expect(place("m7i.large", ["eu-west-1a"])).toEqual({ blockers: [], warnings: [] });
    expect(place("m7i.large", ["eu-west-1a", "eu-west-1b"]).blockers).toMatchObject([
      {
        code: "Eks.MachineNotInZone",
        message: 'found "m7i.large", which EC2 does not offer in eu-west-1b; it is in eu-west-1a, eu-west-1c',
      },
    ]);
  });

  it("are refused where the region does not have them at all", () => {
    expect(place("m9z.large", ["eu-west-1a"]).blockers).toMatchObject([
      { code: "Eks.MachineUnknown", path: "pools.workers.machine" },
    ]);
  });
});
