import type { Nodegroup } from "@aws-sdk/client-eks";
import { judgeGroup } from "../../../../../components/clouds/eks/live/judgeGroup";
import { shapeOf } from "../../../../../components/clouds/eks/live/shape";
import { nameSubnets } from "../../../../../components/clouds/eks/live/zones";

const ROLE = "arn:aws:iam::111122223333:role/nodes";
const plain: Nodegroup = {
  nodegroupName: "ng",
  status: "ACTIVE",
  capacityType: "ON_DEMAND",
  amiType: "AL2023_x86_64_STANDARD",
  instanceTypes: ["m7i.large"],
  diskSize: 20,
  nodeRole: ROLE,
};

const codes = (group: Partial<Nodegroup>): readonly string[] =>
  judgeGroup({ ...plain, ...group }, ROLE).map(({ code }) => code);

describe("what stands against taking over a node group", () => {
  it("nothing, where a new generation would be made the same", () => {
    expect(codes({})).toEqual([]);
  });

  it.each<readonly [string, Partial<Nodegroup>, string]>([
    ["an update under way", { status: "UPDATING" }, "Adopt.EksGroupNotActive"],
    ["Windows", { amiType: "WINDOWS_CORE_2022_x86_64" }, "Adopt.EksWindows"],
    ["an image of one's own", { amiType: "CUSTOM" }, "Adopt.EksOwnImage"],
    ["a machine type in its template", { instanceTypes: [], launchTemplate: {} }, "Adopt.EksManyMachines"],
    ["several machine types", { instanceTypes: ["m7i.large", "m6i.large"] }, "Adopt.EksManyMachines"],
    ["ssh access", { remoteAccess: { ec2SshKey: "key" } }, "Adopt.EksWouldBeLost"],
    ["a role of its own", { nodeRole: "other" }, "Adopt.EksOtherRole"],
  ])("%s", (_what, group, expected) => {
    expect(codes(group)).toEqual([expected]);
  });

  it("all of it at once", () => {
    expect(codes({ status: "UPDATING", amiType: "CUSTOM", remoteAccess: {}, nodeRole: "other" })).toEqual([
      "Adopt.EksGroupNotActive",
      "Adopt.EksOwnImage",
      "Adopt.EksWouldBeLost",
      "Adopt.EksOtherRole",
    ]);
  });
});

describe("what else config says of a node group's machines", () => {
  it.each<readonly [string, Partial<Nodegroup>, object]>([
    ["nothing, where a new group would have it anyway", {}, {}],
    ["spot", { capacityType: "SPOT" }, { capacity: "spot" }],
    ["another disk", { diskSize: 100 }, { diskGiB: 100 }],
    [
      "its launch template at its version, which says the disk",
      { diskSize: undefined, launchTemplate: { id: "lt-0a1b2c3d4e5f60718", name: "workers", version: "4" } },
      { launchTemplate: "lt-0a1b2c3d4e5f60718/4" },
    ],
  ])("%s", (_what, group, expected) => {
    expect(shapeOf({ ...plain, ...group })).toEqual(expected);
    expect(codes(group)).toEqual([]);
  });
});

describe("config's names of subnets", () => {
  it("the letter of the zone; those that pools lie in come first", () => {
    const zones = new Map([
      ["subnet-public-a", "eu-west-1a"],
      ["subnet-private-a", "eu-west-1a"],
      ["subnet-private-b", "eu-west-1b"],
    ]);
    expect(nameSubnets(zones, new Set(["subnet-private-a", "subnet-private-b"]))).toEqual({
      a: "subnet-private-a",
      a2: "subnet-public-a",
      b: "subnet-private-b",
    });
  });
});
