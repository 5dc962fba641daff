import { parseStack } from "../../../../core/config";

const gke = { serviceAccount: "gke-nodes@my-project.iam.gserviceaccount.com" };
const cluster = {
  ...{ name: "eu", cloud: "gke", version: "1.36", region: "europe-west1", project: "my-project" },
  gke,
};
const workers = {
  size: { min: 2, max: 4 },
  machine: "n2-standard-2",
  image: "1.36.4-gke.1000000",
  zones: ["b", "c"],
};

interface Edits {
  readonly cluster?: object;
  readonly gke?: object;
  readonly workers?: object;
}

const problemsOf = (edits: Edits): readonly string[] => {
  const parsed = parseStack({
    cluster: { ...cluster, gke: { ...gke, ...edits.gke }, ...edits.cluster },
    backup: { kind: "none" },
    pools: { workers: { ...workers, ...edits.workers } },
  });
  return parsed.ok ? [] : parsed.problems.map(({ code, path }) => `${code} ${path}`);
};

describe("config of a GKE cluster", () => {
  it("is whole with project, service account, zones and exact node versions", () => {
    expect(problemsOf({})).toEqual([]);
  });

  it("takes an exact patch of the control plane, which GKE resolves to its newest build", () => {
    expect(problemsOf({ cluster: { version: "1.36.4" } })).toEqual([]);
  });

  it("takes spans in which GKE may not upgrade by itself", () => {
    const span = { name: "run", from: "2026-12-01T00:00:00Z", to: "2026-12-08T00:00:00Z" };
    expect(problemsOf({ gke: { maintenance: { exclusions: [span] } } })).toEqual([]);
  });

  it.each([undefined, "6h", "7d"])("takes a control plane that emulates, soak %s", soak => {
    const old = { image: "1.35.8-gke.1000000" };
    const own = soak === undefined ? {} : { soak };
    expect(problemsOf({ cluster: { stage: "emulated" }, gke: own, workers: old })).toEqual([]);
  });

  it("refuses a pool of the new minor while the control plane emulates", () => {
    expect(problemsOf({ cluster: { stage: "emulated" }, workers: { version: "1.36" } })).toEqual([
      "Pool.GreenWhileEmulated pools.workers.version",
    ]);
  });

  it("names everything that is missing at once", () => {
    expect(problemsOf({ cluster: { region: undefined, project: undefined, gke: undefined } })).toEqual([
      "Config.Missing cluster.region",
      "Config.Missing cluster.project",
      "Config.Missing cluster.gke",
    ]);
  });

  it("refuses whatever makes nodes past the gates, both at once", () => {
    expect(problemsOf({ gke: { autopilot: true, autoProvisioning: true } })).toEqual([
      "Gke.Autopilot cluster.gke.autopilot",
      "Gke.AutoProvisioning cluster.gke.autoProvisioning",
    ]);
  });

  it.each([
    [
      "two steps to a minor that GKE takes in one",
      { cluster: { version: "1.32", stage: "emulated" }, workers: { image: "1.31.9-gke.1000000" } },
      "Gke.OneStepOnly cluster.stage",
    ],
    ["a soak shorter than GKE's", { gke: { soak: "5h" } }, "Gke.Soak cluster.gke.soak"],
    ["a soak longer than GKE's", { gke: { soak: "8d" } }, "Gke.Soak cluster.gke.soak"],
    ["a zone as region", { cluster: { region: "europe-west1-b" } }, "Config.Shape cluster.region"],
    [
      "a name that is no address",
      { gke: { serviceAccount: "nodes" } },
      "Config.Shape cluster.gke.serviceAccount",
    ],
    ["a pool without zones", { workers: { zones: [] } }, "Config.Missing pools.workers.zones"],
    [
      "a zone of another region",
      { workers: { zones: ["b", "us-central1-a"] } },
      "Gke.ZoneOfOtherRegion pools.workers.zones",
    ],
    [
      "fewer nodes than zones",
      { workers: { size: { min: 1, max: 1 } } },
      "Gke.SizePerZone pools.workers.size",
    ],
    [
      "an image of another minor",
      { workers: { image: "1.35.8-gke.1000000" } },
      "Gke.ImageOfOtherVersion pools.workers.image",
    ],
    [
      "an image of another patch than the pool's",
      { workers: { version: "1.36.2" } },
      "Gke.ImageOfOtherVersion pools.workers.image",
    ],
    [
      "an image of Windows",
      { workers: { image: "WINDOWS_LTSC_CONTAINERD/1.36.4-gke.1000000" } },
      "Gke.Windows pools.workers.image",
    ],
    [
      "a launch template, which is EKS's",
      { workers: { launchTemplate: "lt-0a1b2c3d4e5f60718/4" } },
      "Config.NotAllowed pools.workers.launchTemplate",
    ],
    [
      "an accelerator without number",
      { workers: { accelerator: "nvidia-l4" } },
      "Config.Shape pools.workers.accelerator",
    ],
    ["an image that is no version", { workers: { image: "cos-125" } }, "Gke.Image pools.workers.image"],
  ])("refuses %s", (_what, edits, expected) => {
    expect(problemsOf(edits)).toContain(expected);
  });

  it("is refused on another cloud", () => {
    expect(problemsOf({ cluster: { cloud: "lab" } })).toContain("Config.NotAllowed cluster.gke");
  });
});
