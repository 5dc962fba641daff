import { ownAddOns, parseStack } from "../../../../core/config";

const eks = {
  roleArn: "arn:aws:iam::111122223333:role/control-plane",
  nodeRoleArn: "arn:aws:iam::111122223333:role/nodes",
  subnets: { a: "subnet-0a1b2c3d4e5f60001", b: "subnet-0a1b2c3d4e5f60002" },
};
const onEks = { name: "eu", cloud: "eks", version: "1.36", region: "eu-west-1", eks };
const workers = { size: { min: 1, max: 2 }, machine: "m7i.large", image: "1.36.1-20261105" };
const VERSION = "v1.21.1-eksbuild.1";

const problemsOf = (addOns: object, cluster: object = onEks): readonly string[] => {
  const parsed = parseStack({ cluster, backup: { kind: "none" }, pools: { workers }, addOns });
  return parsed.ok ? [] : parsed.problems.map(({ code, path }) => `${code} ${path}`);
};

describe("config of add-ons", () => {
  it("takes each owner: exact versions where the stack keeps it, none where it only checks", () => {
    expect(
      problemsOf({
        "vpc-cni": {
          owner: "program",
          version: VERSION,
          settings: { env: { ENABLE_PREFIX_DELEGATION: "true" } },
        },
        coredns: { owner: "cloud" },
        "aws-ebs-csi-driver": { owner: "external" },
      }),
    ).toEqual([]);
  });

  it("names everything that is wrong at once", () => {
    expect(
      problemsOf({
        "vpc-cni": { owner: "program" },
        coredns: { owner: "cloud", version: VERSION },
        "kube-proxy": { owner: "external", roleArn: eks.roleArn, settings: {} },
      }),
    ).toEqual([
      "AddOns.VersionNeeded addOns.vpc-cni.version",
      "AddOns.NotOurs addOns.coredns.version",
      "AddOns.NotOurs addOns.kube-proxy.roleArn",
      "AddOns.NotOurs addOns.kube-proxy.settings",
    ]);
    expect(problemsOf({ a: { owner: "helm" }, b: { owner: "program", version: "latest" } })).toEqual([
      "Config.NotAllowed addOns.a.owner",
      "Config.Shape addOns.b.version",
    ]);
  });

  it.each([
    ["lab", { name: "x", cloud: "lab", version: "1.36" }],
    [
      "gke",
      {
        name: "x",
        cloud: "gke",
        version: "1.36",
        region: "europe-west1",
        project: "my-project",
        gke: { serviceAccount: "gke-nodes@my-project.iam.gserviceaccount.com" },
      },
    ],
  ])("is refused on %s, where nothing says which versions fit", (cloud, cluster) => {
    const image = cloud === "gke" ? { image: "1.36.4-gke.1000000", version: "1.36.4" } : {};
    const machines = cloud === "lab" ? { size: workers.size } : { ...workers, ...image, zones: ["b"] };
    const parsed = parseStack({
      cluster,
      backup: { kind: "none" },
      pools: { workers: machines },
      addOns: { coredns: { owner: "external" } },
    });
    const problems = parsed.ok ? [] : parsed.problems;
    expect(problems.map(({ code, path }) => `${code} ${path}`)).toEqual(["AddOns.OnlyEks addOns.coredns"]);
    expect(problems[0]?.message).toContain(`cloud "${cloud}"`);
  });

  it("knows the add-ons of the stack itself by name, sorted", () => {
    const names = ownAddOns({
      "vpc-cni": { owner: "program", version: VERSION },
      coredns: { owner: "external" },
      "a-driver": { owner: "program", version: VERSION },
    });
    expect(names).toEqual(["a-driver", "vpc-cni"]);
  });
});
