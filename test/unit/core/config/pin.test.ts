import { describeAddOnPins, describePins, planPins, type PinWish } from "../../../../core/config/pin";

type Raw = Record<string, unknown>;

const eks = (version: string): Raw => ({
  name: "eu",
  cloud: "eks",
  version,
  region: "eu-west-1",
  eks: {
    roleArn: "arn:aws:iam::111122223333:role/control-plane",
    nodeRoleArn: "arn:aws:iam::111122223333:role/nodes",
    subnets: { a: "subnet-0a1b2c3d4e5f60001", b: "subnet-0a1b2c3d4e5f60002" },
  },
});
const workers: Raw = { size: { min: 2, max: 4 }, machine: "m7i.large" };
const raw = (pools: Raw, version = "1.36"): Raw => ({
  cluster: eks(version),
  pools,
  backup: { kind: "none" },
});

const wishes = (config: Raw, names: readonly string[] = []): readonly PinWish[] => {
  const planned = planPins(config, names);
  if (!planned.ok) throw new Error(JSON.stringify(planned.problems, null, 1));
  return planned.value.wishes;
};

const refusals = (config: Raw, names: readonly string[] = []): readonly string[] => {
  const planned = planPins(config, names);
  return planned.ok ? [] : planned.problems.map(({ code, path }) => `${code} ${path}`);
};

describe("what images are looked up", () => {
  it("reads a config whose images are missing or of another minor: that is what it puts right", () => {
    const config = raw({ one: workers, two: { ...workers, image: "1.35.8-20261105" } });
    expect(wishes(config)).toEqual([
      { pool: "one", version: "1.36", machine: "m7i.large" },
      { pool: "two", version: "1.36", machine: "m7i.large", image: "1.35.8-20261105" },
    ]);
  });

  it("keeps the family, and a pool's own version", () => {
    const image = "BOTTLEROCKET_x86_64/1.47.0-abc";
    expect(wishes(raw({ one: { ...workers, version: "1.35", image } }))).toEqual([
      { pool: "one", version: "1.35", machine: "m7i.large", image, family: "BOTTLEROCKET_x86_64" },
    ]);
  });

  it("passes over held pools, and refuses one that is named", () => {
    const config = raw({ one: { ...workers, version: "1.35", hold: true }, two: workers });
    expect(wishes(config).map(({ pool }) => pool)).toEqual(["two"]);
    expect(refusals(config, ["one", "three"])).toEqual(["Pin.Held pools.one.hold", "Pin.NoPool pools.three"]);
  });

  it("asks the same for a pool of Karpenter, whose AMI is called after the release", () => {
    const config = raw({ crew: { ...workers, karpenter: {} }, one: workers });
    expect(wishes(config, ["crew"])).toEqual([{ pool: "crew", version: "1.36", machine: "m7i.large" }]);
    const [edit] = describePins(wishes(config, ["crew"]), ["1.36.4-20261105"]);
    expect(edit?.path).toEqual(["pools", "crew", "image"]);
    const pinned = { ...workers, image: "1.36.4-20261105" };
    expect(wishes(raw({ crew: { ...pinned, karpenter: {} }, one: pinned }), ["crew"])).toHaveLength(1);
  });

  it("refuses everything else that is wrong with the config", () => {
    expect(refusals(raw({ one: { size: { min: 2, max: 1 } } }))).toContain(
      "Config.OutOfRange pools.one.size.min",
    );
    expect(
      refusals({ cluster: { name: "x", cloud: "lab", version: "1.36" }, pools: { one: workers } }),
    ).toEqual(["Pin.NoImages cluster.cloud"]);
  });

  it("reads GKE's config, whose pool names a patch", () => {
    const cluster = {
      ...{ name: "eu", cloud: "gke", version: "1.36", region: "europe-west1", project: "my-project" },
      gke: { serviceAccount: "gke-nodes@my-project.iam.gserviceaccount.com" },
    };
    const pool = { ...workers, version: "1.36.4", zones: ["b"] };
    expect(wishes({ cluster, pools: { one: pool }, backup: { kind: "none" } })).toMatchObject([
      { version: "1.36.4" },
    ]);
  });
});

describe("what add-on versions are looked up", () => {
  const addOns = {
    "vpc-cni": { owner: "program" },
    coredns: { owner: "program", version: "v1.12.4-eksbuild.1" },
    ingress: { owner: "external" },
  };
  const asked = (names: readonly string[]) => {
    const planned = planPins({ ...raw({ one: workers }), addOns }, names);
    return planned.ok ? planned.value.addOns : planned.problems;
  };

  it("those of the stack itself, also without a version, for the control plane's", () => {
    expect(asked([])).toEqual([
      { name: "coredns", version: "1.36", found: "v1.12.4-eksbuild.1" },
      { name: "vpc-cni", version: "1.36" },
    ]);
  });

  it("none where pools are named", () => {
    expect(asked(["one"])).toEqual([]);
  });

  it("are written where they differ", () => {
    const edits = describeAddOnPins(
      [
        { name: "coredns", version: "1.36", found: "v1" },
        { name: "vpc-cni", version: "1.36", found: "v2" },
      ],
      ["v3", "v2"],
    );
    expect(edits).toEqual([
      { path: ["addOns", "coredns", "version"], value: "v3", why: "the cloud's for 1.36; it was v1" },
    ]);
  });
});

describe("what is edited", () => {
  const wish: PinWish = { pool: "one", version: "1.36", machine: "m7i.large", image: "1.36.1-20261001" };

  it("an image that is older than the newest, or missing", () => {
    expect(describePins([wish], ["1.36.4-20261118"])).toEqual([
      {
        path: ["pools", "one", "image"],
        value: "1.36.4-20261118",
        why: "the newest for 1.36; it was 1.36.1-20261001",
      },
    ]);
  });

  it("nothing where the newest is there", () => {
    expect(describePins([wish], ["1.36.1-20261001"])).toEqual([]);
  });
});
