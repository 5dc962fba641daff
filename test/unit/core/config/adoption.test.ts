import { type Adoption, planAdoption } from "../../../../core/config/adoption";
import { applyEdits } from "../../../../core/config/applyEdits";
import type { ExistingAddOn, ExistingCluster, ExistingPool } from "../../../../core/config/existing";
import type { Problem } from "../../../../core/problem";

type Raw = Record<string, unknown>;

const pool = (name: string, more: Partial<ExistingPool> = {}): ExistingPool => ({
  name,
  entry: {
    version: "1.35",
    size: { min: 2, max: 4 },
    machine: "m7i.large",
    image: "1.35.8-20261105",
    zones: ["a", "b"],
  },
  nodes: { "eks.amazonaws.com/nodegroup": name },
  marks: {},
  made: false,
  problems: [],
  ...more,
});

const block = {
  name: "eu",
  cloud: "eks",
  version: "1.35",
  region: "eu-west-1",
  eks: {
    roleArn: "arn:aws:iam::111122223333:role/control-plane",
    nodeRoleArn: "arn:aws:iam::111122223333:role/nodes",
    subnets: { a: "subnet-0a1b2c3d4e5f60001", b: "subnet-0a1b2c3d4e5f60002" },
  },
};

const there = (...pools: readonly ExistingPool[]): ExistingCluster => ({
  cluster: block,
  pools,
  problems: [],
});

const must = (result: ReturnType<typeof planAdoption>): Adoption => {
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1));
  return result.value;
};

const refusals = (result: ReturnType<typeof planAdoption>): readonly string[] =>
  result.ok ? [] : result.problems.map(({ code, path }) => `${code} ${path}`);

const adopted = (raw: Raw, existing: ExistingCluster, wish = {}): Raw =>
  applyEdits(raw, must(planAdoption(raw, existing, wish)).edits);

describe("taking over what is there", () => {
  it("describes cluster and pool, and names the generation that the pool's settings make", () => {
    const plan = must(planAdoption({}, there(pool("legacy-ng")), { "legacy-ng": "workers" }));
    const [only] = plan.pools;
    expect(only?.generation).toMatch(/^workers-1-35-[0-9a-f]{6}$/);
    expect(plan.spec.pools[0]?.adopt).toEqual({ name: "legacy-ng", generation: only?.generation });
    expect(plan.spec.cluster.adopt).toEqual({ version: "1.35" });
    expect(plan.edits.map(({ path }) => path.join("."))).toEqual(["cluster", "pools.workers", "backup"]);
  });

  it("run again there is nothing to edit", () => {
    const raw = adopted({}, there(pool("legacy-ng")));
    expect(must(planAdoption(raw, there(pool("legacy-ng")), {})).edits).toEqual([]);
  });

  it("a pool keeps its own version where the control plane has another", () => {
    const older = pool("old", { entry: { ...pool("old").entry, version: "1.34", image: "1.34.9-20261001" } });
    expect(adopted({}, there(older))).toMatchObject({ pools: { old: { version: "1.34" } } });
  });

  it("makes a name that config takes of the cloud's", () => {
    const plan = must(planAdoption({}, there(pool("Team_A.Main-NodeGroup-2024")), {}));
    expect(plan.pools.map(one => one.pool)).toEqual(["team-a-main-nodegrou"]);
  });

  it("leaves what changeover made alone, and what was not named", () => {
    const made = pool("workers-1-35-abcdef", { made: true });
    const plan = must(planAdoption({}, there(made, pool("one"), pool("two")), { one: "" }));
    expect(plan.pools.map(one => one.pool)).toEqual(["one"]);
    expect(plan.left).toEqual(["two"]);
  });

  it("keeps what the file says of the cluster and adds what it lacks", () => {
    const raw = { cluster: { name: "eu", cloud: "eks", eks: block.eks }, backup: { kind: "none" } };
    const plan = must(planAdoption(raw, there(pool("ng")), {}));
    expect(plan.edits.map(({ path }) => path.join("."))).toEqual([
      "cluster.version",
      "cluster.region",
      "cluster.adopt",
      "pools.ng",
    ]);
  });

  it("takes the entry of a pool that is gone out of config", () => {
    const raw = adopted({}, there(pool("ng")));
    const plan = must(planAdoption(raw, there(), {}));
    expect(plan.edits).toEqual([{ path: ["pools", "ng", "adopt"], why: "ng is gone" }]);
  });

  it("refuses with all reasons at once", () => {
    const role: Problem = { code: "Adopt.EksOtherRole", path: "node group b", message: "role", fix: "none" };
    const existing = there(pool("a-b"), pool("a_b"), pool("b", { problems: [role] }));
    const raw = { cluster: { ...block, version: "1.36" } };
    expect(refusals(planAdoption(raw, existing, { "a-b": "", a_b: "", b: "", nobody: "" }))).toEqual([
      "Adopt.NoSuchPool nobody",
      "Adopt.OtherVersion cluster.version",
      "Adopt.NameTaken pools.a-b",
      "Adopt.NameTaken pools.a-b",
      "Adopt.EksOtherRole node group b",
    ]);
  });

  it("refuses a name that another pool of config has", () => {
    const raw = { pools: { workers: { size: { min: 1, max: 2 } } } };
    expect(refusals(planAdoption(raw, there(pool("ng")), { ng: "workers" }))).toEqual([
      "Adopt.NameTaken pools.workers",
    ]);
  });

  it("says so where there is nothing to take over", () => {
    expect(refusals(planAdoption({}, there(), {}))).toEqual(["Adopt.NoPools pools"]);
  });

  it("refuses what config itself would refuse", () => {
    const odd = pool("ng", { entry: { ...pool("ng").entry, image: "1.34.1-20260101" } });
    expect(refusals(planAdoption({}, there(odd), {}))).toEqual(["Eks.ImageOfOtherMinor pools.ng.image"]);
  });
});

describe("adoption in config", () => {
  it("is refused for another pool's generation, and on clouds that have none", () => {
    const adopt = { name: "ng", generation: "others-1-35-abcdef" };
    const raw = { ...adopted({}, there(pool("ng"))), pools: { ng: { ...pool("ng").entry, adopt } } };
    expect(refusals(planAdoption(raw, there(pool("ng")), {}))).toContain(
      "Adopt.OtherPool pools.ng.adopt.generation",
    );
    const lab = { cluster: { name: "eu", cloud: "lab", version: "1.35", adopt: { version: "1.35" } } };
    const pools = { ng: { size: { min: 1, max: 2 }, adopt: { name: "x", generation: "ng-1-35-abcdef" } } };
    expect(refusals(planAdoption({ ...lab, pools }, there(pool("x")), {}))).toContain(
      "Config.NotAllowed cluster.adopt",
    );
  });
});

describe("add-ons that EKS has already", () => {
  const version = "v1.35.8-eksbuild.2";
  const addOn = (name: string, more: Partial<ExistingAddOn> = {}): ExistingAddOn => ({
    ...{ name, entry: { version }, made: false },
    ...more,
  });
  const own = { owner: "program", version, adopt: { version } };
  const withAddOns = (...addOns: readonly ExistingAddOn[]): ExistingCluster => ({
    ...there(pool("ng")),
    addOns,
  });

  it("become the stack's own as they are, but for those that it made and those that others keep", () => {
    const roleArn = "arn:aws:iam::111122223333:role/csi";
    const existing = withAddOns(
      addOn("kube-proxy"),
      addOn("aws-ebs-csi-driver", { entry: { version, roleArn, settings: { a: 1 } } }),
      addOn("coredns", { keeper: "Helm release dns" }),
      addOn("vpc-cni", { made: true }),
    );
    const plan = must(planAdoption({}, existing, {}));
    expect(applyEdits({}, plan.edits)["addOns"]).toEqual({
      "kube-proxy": own,
      "aws-ebs-csi-driver": { ...own, roleArn, settings: { a: 1 } },
    });
    expect(plan.addOns).toEqual(["kube-proxy", "aws-ebs-csi-driver"]);
    expect(plan.leftAddOns).toEqual(["coredns: Helm release dns keeps it"]);
  });

  it("keep what config says of them: another owner stays, a version of its own is not overwritten", () => {
    const newer = "v1.36.4-eksbuild.2";
    const addOns = { coredns: { owner: "cloud" }, "kube-proxy": { owner: "program", version: newer } };
    const plan = must(planAdoption({ addOns }, withAddOns(addOn("coredns"), addOn("kube-proxy")), {}));
    expect(applyEdits({ addOns }, plan.edits)["addOns"]).toEqual({
      coredns: { owner: "cloud" },
      "kube-proxy": { owner: "program", version: newer, adopt: { version } },
    });
    expect(plan.leftAddOns).toEqual(['coredns: config has it as owner "cloud"']);
  });

  it("are nobody's business where nobody asked, also when config has taken some over", () => {
    const addOns = { "kube-proxy": own };
    const plan = must(planAdoption({ addOns }, there(pool("ng")), {}));
    expect(plan.edits.filter(({ path }) => path[0] === "addOns")).toEqual([]);
  });

  it("are taken over once, and no longer named once EKS has them no more", () => {
    const addOns = { "kube-proxy": own, coredns: own };
    const plan = must(planAdoption({ addOns }, withAddOns(addOn("kube-proxy")), {}));
    expect(plan.edits.filter(({ path }) => path[0] === "addOns")).toEqual([
      { path: ["addOns", "coredns", "adopt"], why: "EKS has no coredns in this cluster any more" },
    ]);
  });
});
