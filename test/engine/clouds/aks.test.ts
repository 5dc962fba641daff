import fc from "fast-check";
import { Fault } from "../../../lab/clouds/fault";
import { aksCluster, aksPool, IMAGE, openAksStack } from "../../support/aksStack";
import { describeCloudUpgrade } from "../../support/cloudUpgrade";
import type { TestStack } from "../../support/stack";

const NAME = "aks-up";
const VERSIONS: Readonly<Record<string, string>> = { "1.35": "1.35.8", "1.36": "1.36.4", "1.37": "1.37.1" };

const NO_ROOM =
  "Allocation failed. We do not have sufficient capacity for the requested VM size in this region.";

const versionOf = (minor: string): string => VERSIONS[minor] ?? "";

const SIZES = { system: { min: 1, max: 2 }, workers: { min: 2, max: 4 } } as const;

const poolsAt = (version?: string): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(SIZES).map(([name, size]) => [
      name,
      { ...aksPool(size), ...(version === undefined ? {} : { version }) },
    ]),
  );

/** AKS is told the pools of a cluster once, at its birth: a later run takes that out of the cluster's description. */
const settle = async (stack: TestStack): Promise<void> => {
  const { text } = await stack.preview();
  const steps = text.split("\n").filter(line => /^ [~+-]/.test(line));
  expect(steps.filter(line => !/ManagedCluster|AksBirth/.test(line))).toEqual([]);
  expect(text).toMatch(/~ .*ManagedCluster\s+aks-up\s+update\s+\[diff: [-~]agentPoolProfiles\]/);
  expect((await stack.up("--skip-preview")).code).toBe(0);
};

jest.setTimeout(900_000);

describeCloudUpgrade("AKS by its real SDKs, on a stand-in for Azure", {
  name: NAME,
  open: openAksStack,
  cluster: minor => aksCluster(NAME, versionOf(minor)),
  pools: () => poolsAt(),
  poolsBehind: () => poolsAt("1.35.8"),
  types: {
    cluster: "azure-native:containerservice:ManagedCluster",
    pool: "azure-native:containerservice:AgentPool",
  },
  edits: {
    clusters: [aksCluster(NAME, "1.35.8"), aksCluster(NAME, "1.36.4")],
    own: fc.record(
      {
        dnsPrefix: fc.constant("another"),
        serviceCidr: fc.constant("10.1.0.0/16"),
        api: fc.constantFrom({ authorizedRanges: ["10.0.0.0/8"] }, {}),
        tier: fc.constantFrom("standard", "premium"),
        deletionProtection: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    others: { system: aksPool(SIZES.system) },
    now: { ...aksPool(SIZES.workers), version: "1.35.8" },
    pool: {
      machines: ["Standard_D4s_v5", "Standard_D8s_v5"],
      images: [IMAGE, "AKSAzureLinux-V3gen2-202610.20.0"],
      zones: ["1", "2", "3"],
      versions: ["1.35.8", "1.36.4"],
    },
  },
  kubelet: minor => `v${versionOf(minor)}`,
  fail: ({ azure }) =>
    azure.failures.plan({
      action: "AgentPoolMachines",
      on: /-1-36-/,
      fault: new Fault("AllocationFailed", NO_ROOM),
      times: 1,
    }),
  failed: {
    run: NO_ROOM,
    preview: ["Aks.PoolUnmade", `AllocationFailed: ${NO_ROOM}`, "take another machine type or other zones"],
  },
  made: ({ azure }) =>
    Object.values(azure.state.pools).map(({ version, properties }) => ({
      version,
      taints: properties.nodeTaints?.length ?? 0,
    })),
  expectOpen: ({ azure }) => {
    const blue = Object.values(azure.state.pools).filter(({ version }) => version === "1.35.8");
    expect(blue.map(({ properties }) => properties.mode).sort()).toEqual(["System", "User"]);
    expect(blue.every(({ properties }) => properties.enableAutoScaling)).toBe(true);
  },
  settle,
});
