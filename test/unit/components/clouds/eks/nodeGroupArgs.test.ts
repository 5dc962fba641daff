import fc from "fast-check";
import { nodeGroupName, amiTypeOf } from "../../../../../components/clouds/eks/facts";
import { fixedProperties, importOf, nodeGroupArgs } from "../../../../../components/clouds/eks/nodeGroupArgs";
import type { NodePoolArgs } from "../../../../../components/clouds/contract";
import { parseStack, connectionOf, type StackSpec } from "../../../../../core/config";
import { generationId } from "../../../../../core/identity/generation";

const stackWith = (pool: object): StackSpec => {
  const parsed = parseStack({
    cluster: {
      ...{ name: "eu", cloud: "eks", version: "1.36", region: "eu-west-1" },
      eks: {
        roleArn: "arn:aws:iam::111122223333:role/control-plane",
        nodeRoleArn: "arn:aws:iam::111122223333:role/nodes",
        subnets: { a: "subnet-0a1b2c3d4e5f60001", b: "subnet-0a1b2c3d4e5f60002" },
      },
    },
    backup: { kind: "none" },
    pools: {
      workers: {
        size: { min: 3, max: 9 },
        machine: "m7i.large",
        image: "1.36.1-20261105",
        zones: ["b"],
        ...pool,
      },
    },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
};

const argsFor = (pool: object, start?: number): NodePoolArgs => {
  const { cluster, pools } = stackWith(pool);
  const [spec] = pools;
  if (spec === undefined) throw new Error("no pool");
  return {
    cluster,
    connection: connectionOf(cluster),
    pool: "workers",
    generation: generationId("eu", spec),
    active: true,
    spec: start === undefined ? spec : { ...spec, start },
  };
};

describe("a generation as a node group of EKS", () => {
  it("names exact machines: family, release, subnets of its zones", () => {
    expect(nodeGroupArgs(argsFor({}))).toMatchObject({
      clusterName: "eu",
      region: "eu-west-1",
      instanceTypes: ["m7i.large"],
      amiType: "AL2023_x86_64_STANDARD",
      releaseVersion: "1.36.1-20261105",
      version: "1.36",
      subnetIds: ["subnet-0a1b2c3d4e5f60002"],
      scalingConfig: { minSize: 3, maxSize: 9, desiredSize: 3 },
    });
  });

  it("says spot, disk and launch template only where config does", () => {
    const plain = nodeGroupArgs(argsFor({}));
    for (const key of ["capacityType", "diskSize", "launchTemplate"]) expect(plain).not.toHaveProperty(key);
    expect(nodeGroupArgs(argsFor({ capacity: "spot", diskGiB: 100 }))).toMatchObject({
      capacityType: "SPOT",
      diskSize: 100,
    });
    expect(nodeGroupArgs(argsFor({ launchTemplate: "lt-0a1b2c3d4e5f60718/4" }))).toMatchObject({
      launchTemplate: { id: "lt-0a1b2c3d4e5f60718", version: "4" },
    });
  });

  it("is found by its labels, and born unproven beside the user's own taints", () => {
    const args = argsFor({
      labels: { team: "a" },
      taints: [{ key: "gpu", value: "yes", effect: "NoExecute" }],
    });
    expect(nodeGroupArgs(args).labels).toEqual({
      team: "a",
      "changeover.dev/pool": "workers",
      "changeover.dev/generation": args.generation,
    });
    expect(nodeGroupArgs(args).taints).toEqual([
      { key: "gpu", value: "yes", effect: "NO_EXECUTE" },
      { key: "changeover.dev/unproven", effect: "NO_SCHEDULE" },
    ]);
  });

  it("takes every subnet where a pool names no zone", () => {
    expect(nodeGroupArgs(argsFor({ zones: [] })).subnetIds).toHaveLength(2);
  });

  it("may be born smaller than its least size where the pool moves in waves", () => {
    expect(nodeGroupArgs(argsFor({}, 1)).scalingConfig).toEqual({ minSize: 1, maxSize: 9, desiredSize: 1 });
  });

  it("is fixed in everything but its bounds, and in those too once it is being left", () => {
    const stated = Object.keys(nodeGroupArgs(argsFor({})));
    const open = stated.filter(key => !fixedProperties({ active: true }).includes(key));
    expect(open).toEqual(["scalingConfig", "updateConfig", "tags"]);
    expect(fixedProperties({ active: false })).toContain("scalingConfig");
  });

  it("an adopted one keeps its name and everything but its bounds", () => {
    const args = { ...argsFor({}), adopted: "legacy-ng" };
    expect(nodeGroupArgs(args).nodeGroupName).toBe("legacy-ng");
    expect(importOf(args)).toEqual({ import: "eu:legacy-ng" });
    expect(importOf(argsFor({}))).toEqual({});
    const open = Object.keys(nodeGroupArgs(args)).filter(key => !fixedProperties(args).includes(key));
    expect(open).toEqual(["scalingConfig"]);
  });
});

describe("names and images", () => {
  it("every legal pool and cluster gives a name that EKS takes", () => {
    const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/);
    const minor = fc.integer({ min: 20, max: 120 });
    fc.assert(
      fc.property(name, minor, (pool, number) => {
        const source = { version: `1.${number}`, zones: [], labels: {}, taints: [] };
        expect(nodeGroupName(generationId("eu", { name: pool, ...source }))).toMatch(
          /^[0-9A-Za-z][A-Za-z0-9_-]{0,62}$/,
        );
      }),
    );
  });

  it.each([
    ["m7i.large", "AL2023_x86_64_STANDARD"],
    ["g5.xlarge", "AL2023_x86_64_STANDARD"],
    ["m7g.large", "AL2023_ARM_64_STANDARD"],
    ["c6gn.2xlarge", "AL2023_ARM_64_STANDARD"],
    ["im4gn.large", "AL2023_ARM_64_STANDARD"],
  ])("%s runs %s", (machine, family) => {
    expect(amiTypeOf(machine)).toBe(family);
  });
});
