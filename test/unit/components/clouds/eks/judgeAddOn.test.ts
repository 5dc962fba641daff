import type { HeldAddOn, ListedVersion } from "../../../../../components/clouds/eks/live/addOns";
import type {
  InstalledAddOn,
  WantedAddOn,
} from "../../../../../components/clouds/eks/live/readiness/addOnProblems";
import { readInstalled } from "../../../../../components/clouds/eks/live/readiness/installed";
import { judgeAddOn } from "../../../../../components/clouds/eks/live/readiness/judgeAddOn";
import type { AddOnSpec } from "../../../../../core/config";

const listed: readonly ListedVersion[] = [
  { version: "v1.36.4-eksbuild.2", minors: ["1.36", "1.37"], defaultFor: ["1.36"] },
  { version: "v1.35.8-eksbuild.2", minors: ["1.35", "1.36"], defaultFor: ["1.35"] },
  { version: "v1.34.9-eksbuild.1", minors: ["1.34", "1.35"], defaultFor: ["1.34"] },
];

const held = (version: string, more: Partial<HeldAddOn> = {}): HeldAddOn => ({
  ...{ version, status: "ACTIVE", issues: [], ours: true },
  ...more,
});

const wanted = (spec: AddOnSpec, more: Partial<WantedAddOn> = {}): WantedAddOn => ({
  ...{ name: "kube-proxy", spec, target: "1.36", live: "1.35" },
  ...more,
});

const ours = (version: string): AddOnSpec => ({ owner: "program", version });

const codes = (...[asked, seen]: Parameters<typeof judgeAddOn>): readonly string[] => {
  const { blockers, warnings } = judgeAddOn(asked, seen);
  return [...blockers.map(({ code }) => `refused ${code}`), ...warnings.map(({ code }) => `warned ${code}`)];
};

describe("an add-on of the stack, before the control plane moves from 1.35 to 1.36", () => {
  it("passes at a version that EKS lists for 1.36, whether it is there or still to come", () => {
    expect(codes(wanted(ours("v1.36.4-eksbuild.2")), { listed, held: held("v1.35.8-eksbuild.2") })).toEqual(
      [],
    );
    expect(codes(wanted(ours("v1.36.4-eksbuild.2")), { listed })).toEqual([]);
  });

  it("is refused at another, with those that fit and EKS's default among them", () => {
    const { blockers } = judgeAddOn(wanted(ours("v1.34.9-eksbuild.1")), { listed });
    expect(blockers).toMatchObject([{ code: "Eks.AddOnIncompatible", path: "addOns.kube-proxy.version" }]);
    expect(blockers[0]?.message).toContain("v1.36.4-eksbuild.2 (default), v1.35.8-eksbuild.2");
    expect(blockers[0]?.source).toContain("addon-compat");
  });

  it.each([
    ["another made it", { held: held("v1.35.8-eksbuild.2", { ours: false }) }, "Eks.AddOnHeldElsewhere"],
    [
      "Helm installed it",
      { installed: { workload: "DaemonSet kube-system/kube-proxy" } },
      "Eks.AddOnInstalledElsewhere",
    ],
    ["it failed", { held: held("v1.35.8-eksbuild.2", { status: "CREATE_FAILED" }) }, "Eks.AddOnFailed"],
  ])("is refused where %s: nothing is seized", (_why, seen, code) => {
    expect(codes(wanted(ours("v1.36.4-eksbuild.2")), { listed, ...seen })).toEqual([`refused ${code}`]);
  });

  it("is warned of with EKS's own reason where it is not well", () => {
    const sick = held("v1.35.8-eksbuild.2", { status: "DEGRADED", issues: ["AccessDenied: no role"] });
    const { blockers, warnings } = judgeAddOn(wanted(ours("v1.36.4-eksbuild.2")), { listed, held: sick });
    expect(blockers).toEqual([]);
    expect(warnings).toMatchObject([{ code: "Eks.AddOnUnwell" }]);
    expect(warnings[0]?.message).toContain("DEGRADED; AccessDenied: no role");
  });

  it("is warned of where the control plane meets it at a version that is not listed", () => {
    expect(codes(wanted(ours("v1.36.4-eksbuild.2")), { listed, held: held("v1.34.9-eksbuild.1") })).toEqual([
      "warned Eks.AddOnLagsFirst",
    ]);
  });
});

describe("an add-on that EKS had before the stack", () => {
  const taken = (version = "v1.35.8-eksbuild.2"): AddOnSpec => ({
    ...ours(version),
    adopt: { version: "v1.35.8-eksbuild.2" },
  });
  const theirs = (more: Partial<HeldAddOn> = {}) => held("v1.35.8-eksbuild.2", { ours: false, ...more });
  const still = { target: "1.35", live: "1.35" };

  it("passes where config says that it is taken over", () => {
    expect(codes(wanted(taken(), still), { listed, held: theirs() })).toEqual([]);
  });

  it.each([
    ["CloudFormation's tag is on it", { held: theirs({ keeper: "CloudFormation stack shop" }) }],
    [
      "Helm holds what runs",
      { held: theirs(), installed: { workload: "DaemonSet kube-system/kube-proxy", tool: "Helm release x" } },
    ],
  ])("is refused where %s, too: two would change it in turn", (_why, seen) => {
    expect(codes(wanted(taken(), still), { listed, ...seen })).toEqual(["refused Eks.AddOnKeptElsewhere"]);
  });

  it("is refused where EKS has none: what Helm installed is no add-on of EKS", () => {
    expect(codes(wanted(taken(), still), { listed })).toEqual(["refused Eks.AddOnNothingToAdopt"]);
    const installed = { workload: "DaemonSet kube-system/kube-proxy" };
    expect(codes(wanted(taken(), still), { listed, installed })).toEqual([
      "refused Eks.AddOnInstalledElsewhere",
    ]);
  });

  it("at a version that does not fit the control plane it runs under is warned of, and refused before a move", () => {
    const old = theirs({ version: "v1.34.9-eksbuild.1" });
    const spec = { ...ours("v1.34.9-eksbuild.1"), adopt: { version: "v1.34.9-eksbuild.1" } };
    const at = { target: "1.36", live: "1.36" };
    expect(codes(wanted(spec, at), { listed, held: old })).toEqual(["warned Eks.AddOnIncompatible"]);
    expect(codes(wanted(spec), { listed, held: old })).toContain("refused Eks.AddOnIncompatible");
  });
});

describe("an add-on of the stack, before the control plane goes back to 1.35", () => {
  const back = { target: "1.35", live: "1.36" };

  it("holds it up while one runs that is not listed there: add-ons first, in an `up` of their own", () => {
    const { blockers } = judgeAddOn(wanted(ours("v1.35.8-eksbuild.2"), back), {
      listed,
      held: held("v1.36.4-eksbuild.2"),
    });
    expect(blockers).toMatchObject([{ code: "Eks.AddOnBeforeWayBack" }]);
    expect(blockers[0]?.fix).toContain("v1.35.8-eksbuild.2");
    expect(blockers[0]?.fix).not.toContain("v1.34.9");
  });

  it("lets it go once what runs is listed there", () => {
    expect(
      codes(wanted(ours("v1.35.8-eksbuild.2"), back), { listed, held: held("v1.35.8-eksbuild.2") }),
    ).toEqual([]);
  });
});

describe("the network plugin", () => {
  const cni = [18, 19, 20].map(minor => ({
    version: `v1.${minor}.0-eksbuild.1`,
    minors: ["1.36"],
    defaultFor: [],
  }));

  it.each([
    ["v1.19.0-eksbuild.1", "v1.20.0-eksbuild.1", []],
    ["v1.18.0-eksbuild.1", "v1.20.0-eksbuild.1", ["refused Eks.CniOneMinor"]],
    ["v1.20.0-eksbuild.1", "v1.18.0-eksbuild.1", ["refused Eks.CniOneMinor"]],
  ])("from %s to %s: %j", (from, to, expected) => {
    const asked = wanted(ours(to), { name: "vpc-cni" });
    expect(codes(asked, { listed: cni, held: held(from) })).toEqual(expected);
  });
});

describe("an add-on of another owner is only checked", () => {
  const installed = (version?: string): InstalledAddOn => ({
    workload: "DaemonSet kube-system/kube-proxy",
    ...(version === undefined ? {} : { version }),
  });

  it.each([
    ["v1.36.4", []],
    ["1.35.8", []],
    ["v1.34.9", ["refused Eks.AddOnIncompatible"]],
    ["v1.33.0", ["warned Eks.AddOnVersionUnknown"]],
    [undefined, ["warned Eks.AddOnVersionUnknown"]],
  ])("external, running %s: %j", (version, expected) => {
    expect(codes(wanted({ owner: "external" }), { listed, installed: installed(version) })).toEqual(expected);
  });

  it("external software that EKS has no list of is unknown, not fine", () => {
    expect(codes(wanted({ owner: "external" }), { listed: [], installed: installed("v1.36.4") })).toEqual([
      "warned Eks.AddOnVersionUnknown",
    ]);
    expect(codes(wanted({ owner: "external" }), { listed: [] })).toEqual(["warned Eks.AddOnNotFound"]);
  });

  it("cloud: by the version that EKS has, whoever made it", () => {
    const elsewhere = { ours: false };
    const seen = (version: string) => ({ listed, held: held(version, elsewhere) });
    expect(codes(wanted({ owner: "cloud" }), seen("v1.35.8-eksbuild.2"))).toEqual([]);
    expect(codes(wanted({ owner: "cloud" }), seen("v1.34.9-eksbuild.1"))).toEqual([
      "refused Eks.AddOnIncompatible",
    ]);
    expect(codes(wanted({ owner: "cloud" }), { listed })).toEqual(["warned Eks.AddOnNotFound"]);
  });

  it("of a cluster that is still to be made nothing is missing", () => {
    const { live: _live, ...fresh } = wanted({ owner: "external" });
    expect(codes(fresh, { listed })).toEqual([]);
  });
});

describe("what runs in kube-system", () => {
  const read = (image: string, more: object = {}): InstalledAddOn => {
    const spec = { template: { spec: { containers: [{ name: "sidecar" }, { name: "main", image }] } } };
    return readInstalled({ metadata: { name: "x", ...more }, spec }, "DaemonSet kube-system/x", "main");
  };

  it.each([
    ["registry.example:5000/eks/x:v1.19.2", "v1.19.2"],
    ["x:1.13.1-eksbuild.1@sha256:00", "1.13.1-eksbuild.1"],
    ["registry.example:5000/x", undefined],
    ["x@sha256:00", undefined],
    ["x:latest", undefined],
  ])("the version of %s is %s", (image, version) => {
    expect(read(image).version).toBe(version);
  });

  it("says who keeps it, where that is written", () => {
    expect(read("x:v1.0.0", { annotations: { "meta.helm.sh/release-name": "cni" } }).keeper).toBe(
      "Helm release cni",
    );
    expect(read("x:v1.0.0", { labels: { "kustomize.toolkit.fluxcd.io/name": "y" } }).keeper).toBe("Flux");
    expect(read("x:v1.0.0")).not.toHaveProperty("keeper");
  });

  it("a label that charts write by themselves does not say that Helm holds it", () => {
    const labels = { "app.kubernetes.io/managed-by": "Helm" };
    expect(read("x:v1.0.0", { labels })).toMatchObject({ keeper: "Helm" });
    expect(read("x:v1.0.0", { labels })).not.toHaveProperty("tool");
  });
});
