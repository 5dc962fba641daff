import { karpenterImageOf, parseStack, secondsOf } from "../../../../core/config";
import { generationId } from "../../../../core/identity/generation";

const eks = {
  roleArn: "arn:aws:iam::111122223333:role/control-plane",
  nodeRoleArn: "arn:aws:iam::111122223333:role/nodes",
  subnets: { a: "subnet-0a1b2c3d4e5f60001", b: "subnet-0a1b2c3d4e5f60002" },
};
const cluster = { name: "eu", cloud: "eks", version: "1.36", region: "eu-west-1", eks };
const workers = {
  size: { min: 1, max: 2 },
  machine: "m7i.large",
  image: "1.36.1-20261105",
  karpenter: {},
};

const parse = (edits: object, where: object = cluster) =>
  parseStack({ cluster: where, backup: { kind: "none" }, pools: { workers: { ...workers, ...edits } } });

const problemsOf = (edits: object, where?: object): readonly string[] => {
  const parsed = parse(edits, where);
  return parsed.ok ? [] : parsed.problems.map(({ code, path }) => `${code} ${path}`);
};

const idOf = (edits: object): string => {
  const parsed = parse(edits);
  const pool = parsed.ok ? parsed.value.pools[0] : undefined;
  if (pool === undefined) throw new Error("refused");
  return generationId("eu", pool);
};

describe("a pool of Karpenter in config", () => {
  it("needs no word of its own, and lets no machine end by its age", () => {
    const parsed = parse({});
    expect(parsed.ok && parsed.value.pools[0]?.karpenter).toEqual({
      expireAfter: "Never",
      consolidationPolicy: "WhenEmptyOrUnderutilized",
      consolidateAfter: "0s",
      budget: "10%",
    });
  });

  it.each([
    ["no image", { image: undefined }, "Config.Missing pools.workers.image"],
    ["an image of another minor", { image: "1.35.8-20261105" }, "Eks.ImageOfOtherMinor pools.workers.image"],
    ["an alias", { image: "al2023@latest" }, "Eks.Image pools.workers.image"],
    [
      "an AMI type without a known name",
      { image: "CUSTOM/ami-1" },
      "Karpenter.ImageFamily pools.workers.image",
    ],
    [
      "a launch template",
      { launchTemplate: "lt-0a1b2c3d4e5f60718/4" },
      "Karpenter.LaunchTemplate pools.workers.launchTemplate",
    ],
    ["waves", { strategy: { poolSurge: "50%" } }, "Karpenter.Waves pools.workers.strategy.poolSurge"],
    [
      "adoption",
      { adopt: { generation: "workers-1-36-abcdef", name: "x" } },
      "Karpenter.Adopt pools.workers.adopt",
    ],
    [
      "an age that ends within its own drain",
      { karpenter: { expireAfter: "2h" } },
      "Karpenter.ExpiresInDrain pools.workers.karpenter.expireAfter",
    ],
    [
      "an age that is none",
      { karpenter: { expireAfter: "soon" } },
      "Config.Shape pools.workers.karpenter.expireAfter",
    ],
    [
      "a budget that is none",
      { karpenter: { budget: "many" } },
      "Config.Shape pools.workers.karpenter.budget",
    ],
  ])("is refused with %s", (_what, edits, problem) => {
    expect(problemsOf(edits)).toContain(problem);
  });

  it("is refused on other clouds", () => {
    const { eks: _eks, region: _region, ...lab } = { ...cluster, cloud: "lab" };
    expect(problemsOf({ image: undefined, machine: undefined }, lab)).toEqual([
      "Config.NotAllowed pools.workers.karpenter",
    ]);
  });
});

describe("the generation of a pool of Karpenter", () => {
  it("is another than that of a node group of the same machines", () => {
    expect(idOf({})).not.toBe(idOf({ karpenter: undefined }));
  });

  it("stays when Karpenter may disrupt more or less, and not when machines get another age", () => {
    const changed = { budget: "1", consolidationPolicy: "WhenEmpty", consolidateAfter: "5m" };
    expect(idOf({ karpenter: changed })).toBe(idOf({}));
    expect(idOf({ karpenter: { expireAfter: "Never" } })).toBe(idOf({}));
    expect(idOf({ karpenter: { expireAfter: "720h" } })).not.toBe(idOf({}));
  });
});

describe("the AMI of a release", () => {
  it.each([
    ["AL2023_x86_64_STANDARD", "1.36.1-20261105", "amazon-eks-node-al2023-x86_64-standard-1.36-v20261105"],
    ["AL2023_ARM_64_NVIDIA", "1.36.1-20261105", "amazon-eks-node-al2023-arm64-nvidia-1.36-v20261105"],
    ["BOTTLEROCKET_x86_64", "1.50.0-ab12cd34", "bottlerocket-aws-k8s-1.36-x86_64-v1.50.0-ab12cd34"],
    [
      "BOTTLEROCKET_ARM_64_NVIDIA",
      "1.50.0-ab12cd34",
      "bottlerocket-aws-k8s-1.36-nvidia-aarch64-v1.50.0-ab12cd34",
    ],
  ])("of type %s is one exact name", (type, release, name) => {
    expect(karpenterImageOf(type, { version: "1.36", release })?.name).toBe(name);
  });

  it("of another type has none", () => {
    expect(karpenterImageOf("WINDOWS_CORE_2022_x86_64", { version: "1.36", release: "x" })).toBeUndefined();
  });
});

it.each([
  ["720h", 2_592_000],
  ["1h30m", 5_400],
  ["45s", 45],
  ["Never", Infinity],
  [undefined, Infinity],
])("%s are %d seconds", (text, seconds) => {
  expect(secondsOf(text)).toBe(seconds);
});
