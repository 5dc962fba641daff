import type { Nodegroup } from "@aws-sdk/client-eks";
import { judgeGroup } from "../../../../../components/clouds/eks/live/judgeGroup";
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
    ["spot machines", { capacityType: "SPOT" }, "Adopt.EksSpot"],
    ["Windows", { amiType: "WINDOWS_CORE_2022_x86_64" }, "Adopt.EksWindows"],
    ["an image of one's own", { amiType: "CUSTOM" }, "Adopt.EksLaunchTemplate"],
    ["a launch template", { launchTemplate: { id: "lt-1" } }, "Adopt.EksLaunchTemplate"],
    ["several machine types", { instanceTypes: ["m7i.large", "m6i.large"] }, "Adopt.EksManyMachines"],
    ["a larger disk", { diskSize: 100 }, "Adopt.EksWouldBeLost"],
    ["ssh access", { remoteAccess: { ec2SshKey: "key" } }, "Adopt.EksWouldBeLost"],
    ["a role of its own", { nodeRole: "other" }, "Adopt.EksOtherRole"],
  ])("%s", (_what, group, expected) => {
    expect(codes(group)).toEqual([expected]);
  });

  it("all of it at once", () => {
    expect(codes({ status: "UPDATING", capacityType: "SPOT", diskSize: 50, nodeRole: "other" })).toEqual([
      "Adopt.EksGroupNotActive",
      "Adopt.EksSpot",
      "Adopt.EksWouldBeLost",
      "Adopt.EksOtherRole",
    ]);
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
