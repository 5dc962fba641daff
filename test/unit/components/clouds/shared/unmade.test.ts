import { judgeUnmade as judgeAks } from "../../../../../components/clouds/aks/live/readiness/unmadePools";
import { judgeUnmade as judgeEks } from "../../../../../components/clouds/eks/live/readiness/unmadeGroups";
import { judgeUnmade as judgeGke } from "../../../../../components/clouds/gke/live/readiness/unmadePools";
import { agentPoolName } from "../../../../../components/clouds/aks/facts";
import { adviceFor } from "../../../../../components/clouds/shared/live/unmade";
import type { WantedAtCloud } from "../../../../../operations/ports";

const green = { pool: "workers", generation: "workers-1-36-abcdef" };
const wanted = { toCome: [green] } as unknown as WantedAtCloud;
const OTHER_MACHINES = "take another machine type or other zones";

describe("what a cloud says of machines it could not make tells what to do", () => {
  it.each([
    ["VcpuLimitExceeded - You have requested more vCPU capacity", "raise EC2's quota of vCPUs"],
    ["InsufficientInstanceCapacity - We currently do not have sufficient p4d.24xlarge", OTHER_MACHINES],
    ["InsufficientFreeAddresses: subnet-1 has not enough free addresses", "free addresses of the subnet"],
    ["Quota 'IN_USE_ADDRESSES' exceeded.  Limit: 8.0 in region r.", "raise the quota IN_USE_ADDRESSES"],
    [`Insufficient regional quota: resource "C2_CPUS": request requires '4.0'`, "raise the quota C2_CPUS"],
    ["GCE_STOCKOUT: the zone does not have enough resources available", OTHER_MACHINES],
    ["ZONE_RESOURCE_POOL_EXHAUSTED", OTHER_MACHINES],
    ["AllocationFailed: Allocation failed.", OTHER_MACHINES],
    ["ZonalAllocationFailed", OTHER_MACHINES],
    ["SkuNotAvailable: The requested size is currently not available", OTHER_MACHINES],
    [
      "ErrCode_InsufficientVCPUQuota: remaining 0 for family standardDSv5Family for region r",
      "standardDSv5Family",
    ],
    ["QuotaExceeded", "raise the quota that is named"],
    ["something new", "put right what it names"],
  ])("%s", (said, advice) => {
    expect(adviceFor(said)).toContain(advice);
  });
});

describe("a generation that a former run could not make", () => {
  it("is a blocker on EKS once it is CREATE_FAILED: it takes no change", () => {
    const issues = [{ code: "AsgInstanceLaunchFailures" as const, message: "VcpuLimitExceeded" }];
    const { blockers } = judgeEks(green, { status: "CREATE_FAILED", health: { issues } });
    expect(blockers).toMatchObject([{ code: "Eks.GroupUnmade", path: "pools.workers" }]);
    expect(blockers[0]?.message).toContain("AsgInstanceLaunchFailures: VcpuLimitExceeded");
    expect(blockers[0]?.fix).toContain("removes only workers-1-36-abcdef");
    for (const status of ["ACTIVE", "CREATING", "DEGRADED"] as const)
      expect(judgeEks(green, { status }).blockers).toEqual([]);
    expect(judgeEks(green, undefined).blockers).toEqual([]);
  });

  it("is a blocker on GKE in ERROR, and a warning where some of its machines are there", () => {
    const pool = (status: string) => ({
      nodePools: [
        { name: green.generation, status, conditions: [{ code: "GCE_STOCKOUT", message: "no room" }] },
        { name: "another", status: "ERROR" },
      ],
    });
    expect(judgeGke(wanted, pool("ERROR")).blockers).toMatchObject([
      { code: "Gke.PoolUnmade", message: expect.stringContaining("GCE_STOCKOUT: no room") as string },
    ]);
    expect(judgeGke(wanted, pool("RUNNING_WITH_ERROR"))).toMatchObject({
      blockers: [],
      warnings: [{ code: "Gke.PoolShort" }],
    });
    expect(judgeGke(wanted, pool("RUNNING"))).toEqual({ blockers: [], warnings: [] });
  });

  it("is a warning on AKS, which tries again when it is stated again", () => {
    const pool = (provisioningState: string) => ({
      properties: {
        agentPoolProfiles: [
          {
            name: agentPoolName(green.generation),
            provisioningState,
            status: { provisioningError: { code: "SkuNotAvailable", message: "not in this zone" } },
          },
        ],
      },
    });
    expect(judgeAks(wanted, pool("Failed"))).toMatchObject({
      blockers: [],
      warnings: [
        {
          code: "Aks.PoolUnmade",
          message: expect.stringContaining("SkuNotAvailable: not in this zone") as string,
        },
      ],
    });
    expect(judgeAks(wanted, pool("Succeeded")).warnings).toEqual([]);
  });
});

describe("a generation that is wanted again while the cloud still deletes it", () => {
  const profile = (provisioningState: string) => ({
    properties: { agentPoolProfiles: [{ name: agentPoolName(green.generation), provisioningState }] },
  });

  it.each([
    ["EKS", "Eks.GroupLeaving", () => judgeEks(green, { status: "DELETING" })],
    ["EKS, in vain", "Eks.GroupLeaving", () => judgeEks(green, { status: "DELETE_FAILED" })],
    [
      "GKE",
      "Gke.PoolLeaving",
      () => judgeGke(wanted, { nodePools: [{ name: green.generation, status: "STOPPING" }] }),
    ],
    ["AKS", "Aks.PoolLeaving", () => judgeAks(wanted, profile("Deleting"))],
  ])("is a blocker on %s: its name is taken until it is gone", (_cloud, code, judge) => {
    const { blockers } = judge();
    expect(blockers).toMatchObject([{ code, path: "pools.workers" }]);
    expect(blockers[0]?.fix).toContain(`wait until ${green.generation} is gone`);
  });
});
