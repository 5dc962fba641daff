import { parseStack } from "../../../../core/config";

const eks = {
  roleArn: "arn:aws:iam::111122223333:role/control-plane",
  nodeRoleArn: "arn:aws:iam::111122223333:role/nodes",
  subnets: { a: "subnet-0a1b2c3d4e5f60001", b: "subnet-0a1b2c3d4e5f60002" },
};
const cluster = { name: "eu", cloud: "eks", version: "1.36", region: "eu-west-1", eks };
const workers = { size: { min: 1, max: 2 }, machine: "m7i.large", image: "1.36.1-20261105", zones: ["a"] };

interface Edits {
  readonly cluster?: object;
  readonly eks?: object;
  readonly workers?: object;
}

const problemsOf = (edits: Edits): readonly string[] => {
  const parsed = parseStack({
    cluster: { ...cluster, eks: { ...eks, ...edits.eks }, ...edits.cluster },
    backup: { kind: "none" },
    pools: { workers: { ...workers, ...edits.workers } },
  });
  return parsed.ok ? [] : parsed.problems.map(({ code, path }) => `${code} ${path}`);
};

describe("config of an EKS cluster", () => {
  it("is whole with roles, subnets by zone, and exact images", () => {
    expect(problemsOf({})).toEqual([]);
  });

  it("names every malformed id at once", () => {
    const found = problemsOf({
      eks: { roleArn: "control-plane", nodeRoleArn: "arn:aws:iam::1:role/x", subnets: { a: "vpc-1" } },
    });
    expect(found).toEqual([
      "Config.Shape cluster.eks.roleArn",
      "Config.Shape cluster.eks.nodeRoleArn",
      "Config.Shape cluster.eks.subnets.a",
      "Config.OutOfRange cluster.eks.subnets",
    ]);
  });

  it("takes roles and users of the cluster's partition as administrators, with and without a path", () => {
    const [role, user] = ["role/aws-reserved/sso.amazonaws.com/Admin_1a2b", "user/ada@example.org"];
    const admins = (partition: string) =>
      [role, user].map(one => `arn:${partition}:iam::111122223333:${one}`);
    expect(problemsOf({ eks: { admins: admins("aws") } })).toEqual([]);
    const china = { roleArn: "arn:aws-cn:iam::111122223333:role/control-plane" };
    expect(problemsOf({ eks: { ...china, admins: admins("aws-cn") } })).toEqual([]);
  });

  it("names every administrator that can't be one at once", () => {
    const ops = "arn:aws:iam::111122223333:role/ops";
    const admins = [
      ops,
      "arn:aws:sts::111122223333:assumed-role/ops/session",
      "arn:aws:iam::111122223333:root",
      ops,
      "ops",
      "arn:aws-us-gov:iam::111122223333:role/ops",
      "arn:aws:iam::111122223333:role/team/",
    ];
    expect([...problemsOf({ eks: { admins } })].sort()).toEqual([
      "Config.Duplicate cluster.eks.admins.3",
      "Config.Shape cluster.eks.admins.2",
      "Config.Shape cluster.eks.admins.4",
      "Config.Shape cluster.eks.admins.6",
      "Eks.AdminIsSession cluster.eks.admins.1",
      "Eks.AdminOfOtherPartition cluster.eks.admins.5",
    ]);
  });

  it("says which role a session is of", () => {
    const admins = ["arn:aws-cn:sts::111122223333:assumed-role/ops/session"];
    const parsed = parseStack({
      cluster: { ...cluster, eks: { ...eks, admins } },
      backup: { kind: "none" },
      pools: { workers },
    });
    expect(parsed.ok ? [] : parsed.problems).toMatchObject([
      { fix: expect.stringContaining('write "arn:aws-cn:iam::111122223333:role/ops"') as string },
    ]);
  });

  it("needs subnets in two zones", () => {
    expect(problemsOf({ eks: { subnets: { a: eks.subnets.a } } })).toEqual([
      "Config.OutOfRange cluster.eks.subnets",
    ]);
  });

  it.each([
    ["a patch of the control plane", { cluster: { version: "1.36.4" } }, "Eks.MinorOnly cluster.version"],
    ["an emulated control plane", { cluster: { stage: "emulated" } }, "Eks.NoEmulation cluster.stage"],
    ["no block of its own", { cluster: { eks: undefined } }, "Config.Missing cluster.eks"],
    ["a pool's patch", { workers: { version: "1.36.1" } }, "Eks.MinorOnly pools.workers.version"],
    ["a zone without subnet", { workers: { zones: ["d"] } }, "Eks.ZoneWithoutSubnet pools.workers.zones"],
    [
      "an image of another minor",
      { workers: { image: "1.35.4-20261105" } },
      "Eks.ImageOfOtherMinor pools.workers.image",
    ],
    [
      "an image of Windows",
      { workers: { image: "WINDOWS_CORE_2022_x86_64/1.36-2026.11.10" } },
      "Eks.Windows pools.workers.image",
    ],
    [
      "a disk beside a launch template",
      { workers: { diskGiB: 100, launchTemplate: "lt-0a1b2c3d4e5f60718/4" } },
      "Eks.DiskInTemplate pools.workers.diskGiB",
    ],
    [
      "the newest version of a launch template, which moves",
      { workers: { launchTemplate: "lt-0a1b2c3d4e5f60718/$Latest" } },
      "Config.Shape pools.workers.launchTemplate",
    ],
    [
      "GPUs apart from the machine",
      { workers: { accelerator: "nvidia-l4/1" } },
      "Config.NotAllowed pools.workers.accelerator",
    ],
    ["an image that is no release", { workers: { image: "latest" } }, "Eks.Image pools.workers.image"],
  ])("refuses %s", (_what, edits, expected) => {
    expect(problemsOf(edits)).toEqual([expected]);
  });

  it("takes another family's release as it is", () => {
    expect(problemsOf({ workers: { image: "BOTTLEROCKET_x86_64/1.26.1-943d9a41" } })).toEqual([]);
    expect(problemsOf({ workers: { image: "AL2023_ARM_64_STANDARD/1.35.4-20261105" } })).toEqual([
      "Eks.ImageOfOtherMinor pools.workers.image",
    ]);
  });

  it("is refused on a cloud that has no use for it", () => {
    const parsed = parseStack({
      cluster: { name: "dev", cloud: "lab", version: "1.36", eks },
      backup: { kind: "none" },
      pools: { workers: { size: { min: 1, max: 2 } } },
    });
    expect(parsed.ok ? [] : parsed.problems.map(({ code, path }) => `${code} ${path}`)).toEqual([
      "Config.NotAllowed cluster.eks",
    ]);
  });
});
