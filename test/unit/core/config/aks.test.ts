import { parseStack } from "../../../../core/config";
import { aksCluster, aksPool } from "../../../support/aksStack";

const cluster = aksCluster("eu", "1.36.4") as { readonly aks: object };
const system = aksPool({ min: 1, max: 2 });
const workers = aksPool({ min: 2, max: 4 });

interface Edits {
  readonly cluster?: object;
  readonly aks?: object;
  readonly system?: object;
  readonly workers?: object;
}

const problemsOf = (edits: Edits): readonly string[] => {
  const parsed = parseStack({
    cluster: { ...cluster, aks: { ...cluster.aks, ...edits.aks }, ...edits.cluster },
    backup: { kind: "none" },
    pools: { system: { ...system, ...edits.system }, workers: { ...workers, ...edits.workers } },
  });
  return parsed.ok ? [] : parsed.problems.map(({ code, path }) => `${code} ${path}`);
};

describe("config of an AKS cluster", () => {
  it("is whole with group, subscription, identity, subnet, a system pool and exact images", () => {
    expect(problemsOf({})).toEqual([]);
  });

  it("takes a minor of the control plane where pools name their patch", () => {
    const version = { version: "1.36.4" };
    expect(problemsOf({ cluster: { version: "1.36" }, system: version, workers: version })).toEqual([]);
  });

  it("names everything that is missing at once", () => {
    const nothing = { region: undefined, project: undefined, account: undefined, aks: undefined };
    expect(problemsOf({ cluster: nothing })).toEqual([
      "Config.Missing cluster.region",
      "Config.Missing cluster.project",
      "Config.Missing cluster.account",
      "Config.Missing cluster.aks",
    ]);
  });

  it.each([
    ["an emulated control plane", { cluster: { stage: "emulated" } }, "Aks.NoEmulation cluster.stage"],
    ["a subscription by its name", { cluster: { account: "prod" } }, "Config.Shape cluster.account"],
    ["an identity that is no id", { aks: { identity: "me" } }, "Config.Shape cluster.aks.identity"],
    ["a subnet that is no id", { aks: { subnet: "nodes" } }, "Config.Shape cluster.aks.subnet"],
    [
      "long-term support in another tier",
      { aks: { support: "longTerm" } },
      "Aks.LongTermNeedsPremium cluster.aks.tier",
    ],
    ["a cluster without system pool", { aks: { systemPools: [] } }, "Config.Missing cluster.aks.systemPools"],
    [
      "a system pool that is no pool",
      { aks: { systemPools: ["systm"] } },
      "Aks.UnknownSystemPool cluster.aks.systemPools",
    ],
    [
      "a system pool that may be empty",
      { system: { size: { min: 0, max: 2 } } },
      "Aks.SystemPoolEmpty pools.system.size",
    ],
    [
      "the end of the last system pool",
      { system: { remove: true } },
      "Aks.LastSystemPool pools.system.remove",
    ],
    ["a system pool on spot", { system: { capacity: "spot" } }, "Aks.SpotSystemPool pools.system.capacity"],
    ["a zone of another cloud", { workers: { zones: ["a"] } }, "Aks.Zone pools.workers.zones"],
    ["a version without patch", { workers: { version: "1.36" } }, "Aks.PatchNeeded pools.workers.version"],
    ["an image that is none", { workers: { image: "Ubuntu2204" } }, "Aks.Image pools.workers.image"],
    [
      "an image of Windows",
      { workers: { image: "AKSWindows-2022-containerd-202610.20.0" } },
      "Aks.Image pools.workers.image",
    ],
  ])("refuses %s", (_what, edits, expected) => {
    expect(problemsOf(edits)).toContain(expected);
  });

  it("takes the control plane's default patch for nodes nowhere", () => {
    expect(problemsOf({ cluster: { version: "1.36" } })).toEqual([
      "Aks.PatchNeeded pools.system.version",
      "Aks.PatchNeeded pools.workers.version",
    ]);
  });

  it("is refused on another cloud", () => {
    expect(problemsOf({ cluster: { cloud: "lab" } })).toContain("Config.NotAllowed cluster.aks");
  });
});
