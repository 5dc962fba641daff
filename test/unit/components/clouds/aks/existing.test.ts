import { describeExisting } from "../../../../../components/clouds/aks/live/existing";
import type { AksCluster, AksPool, AksPoolProperties } from "../../../../../components/clouds/aks/live/found";
import { judgeCluster, judgePool } from "../../../../../components/clouds/aks/live/judgeExisting";
import { applyEdits } from "../../../../../core/config/applyEdits";
import { planAdoption } from "../../../../../core/config/adoption";
import { group, subscription } from "../../../../support/aksStack";

const idIn = (provider: string): string =>
  `/subscriptions/${subscription}/resourceGroups/${group}/providers/${provider}`;

const SUBNET = idIn("Microsoft.Network/virtualNetworks/aks/subnets/nodes");
const SNAPSHOT = idIn("Microsoft.ContainerService/snapshots/may");
const IMAGE = "AKSUbuntu-2204gen2containerd-202610.20.0";
const OVERLAY = { networkPlugin: "azure", networkPluginMode: "overlay" };
const PLACE = { cloud: "aks", name: "eu", project: group, account: subscription } as const;

const poolOf = (more: AksPoolProperties = {}, name = "apps"): AksPool => ({
  name,
  properties: {
    ...{ provisioningState: "Succeeded", powerState: { code: "Running" } },
    ...{ mode: "User", type: "VirtualMachineScaleSets", osType: "Linux", vmSize: "Standard_D4s_v5" },
    ...{ count: 3, maxPods: 250, osDiskSizeGB: 128, currentOrchestratorVersion: "1.35.8" },
    ...{ nodeImageVersion: IMAGE, vnetSubnetID: SUBNET, availabilityZones: ["2", "1"] },
    ...more,
  },
});

const clusterOf = (properties: AksCluster["properties"] = {}): AksCluster => ({
  location: "westeurope",
  identity: { type: "SystemAssigned" },
  sku: { name: "Base", tier: "Premium" },
  properties: {
    ...{ provisioningState: "Succeeded", currentKubernetesVersion: "1.35.8", dnsPrefix: "shop-dns" },
    networkProfile: OVERLAY,
    ...properties,
  },
});

const ofPool = (more: AksPoolProperties): readonly string[] =>
  judgePool(poolOf(more), { subnet: SUBNET, podSubnet: "", network: OVERLAY }).map(({ code }) => code);

describe("an AKS cluster and its pools in the words of config", () => {
  const system = poolOf({ mode: "System", count: 1 }, "nodepool1");
  const spot: AksPoolProperties = {
    ...{
      scaleSetPriority: "Spot",
      scaleSetEvictionPolicy: "Delete",
      spotMaxPrice: -1,
      enableAutoScaling: true,
    },
    ...{ minCount: 0, maxCount: 5, creationData: { sourceResourceId: SNAPSHOT } },
    nodeLabels: { team: "shop", "kubernetes.azure.com/scalesetpriority": "spot" },
    nodeTaints: ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule", "only=batch:NoExecute"],
  };
  const existing = describeExisting(PLACE, clusterOf(), [system, poolOf(spot)]);

  it("says exact versions, images and disks, and not what AKS puts on spot machines itself", () => {
    expect(existing.problems).toEqual([]);
    expect(existing.pools[1]).toMatchObject({
      ...{ name: "apps", made: false, problems: [], nodes: { "kubernetes.azure.com/agentpool": "apps" } },
      entry: {
        ...{ version: "1.35.8", image: IMAGE, zones: ["1", "2"], size: { min: 0, max: 5 } },
        ...{ capacity: "spot", diskGiB: 128, labels: { team: "shop" } },
        taints: [{ key: "only", value: "batch", effect: "NoExecute" }],
      },
    });
  });

  it("is a whole config, with each system pool by the name that config gives it", () => {
    const planned = planAdoption({}, existing, { nodepool1: "system", apps: "batch" });
    expect(planned.ok ? planned.value.spec.cluster : planned.problems).toMatchObject({
      ...{ version: "1.35.8", region: "westeurope", adopt: { version: "1.35.8" } },
      aks: {
        ...{ subnet: SUBNET, tier: "premium", support: "community", dnsPrefix: "shop-dns" },
        ...{ systemPools: ["system"], snapshots: { [IMAGE]: SNAPSHOT } },
      },
    });
  });

  it("needs no system pool of config where the cluster keeps its own", () => {
    const planned = planAdoption({}, existing, { apps: "" });
    expect(planned.ok ? planned.value.spec.cluster.aks?.systemPools : planned.problems).toEqual([]);
    expect(planned.ok ? planned.value.left : []).toEqual(["nodepool1"]);
  });

  it("adds to the system pools that config names already", () => {
    const two = describeExisting(PLACE, clusterOf(), [system, poolOf({ mode: "System" }, "sys2")]);
    const first = planAdoption({}, two, { nodepool1: "system" });
    const raw = applyEdits({}, first.ok ? first.value.edits : []);
    const planned = planAdoption(raw, two, { sys2: "" });
    expect(planned.ok ? planned.value.spec.cluster.aks?.systemPools : planned.problems).toEqual([
      ...["system", "sys2"],
    ]);
  });
});

describe("what stands against taking over an AKS cluster", () => {
  const ofCluster = (properties: AksCluster["properties"], pools: readonly AksPool[] = []) =>
    judgeCluster("eu", clusterOf(properties), pools).map(({ code }) => code);

  it("nothing, where AKS moves nothing by itself", () => {
    expect(ofCluster({})).toEqual([]);
    const off = { upgradeChannel: "none", nodeOSUpgradeChannel: "Unmanaged" };
    expect(ofCluster({ autoUpgradeProfile: off })).toEqual([]);
    expect(ofCluster({ servicePrincipalProfile: { clientId: "msi" } })).toEqual([]);
  });

  it("all at once", () => {
    const found = ofCluster(
      {
        provisioningState: "Updating",
        servicePrincipalProfile: { clientId: "11111111-2222-3333-4444-555555555555" },
        autoUpgradeProfile: { upgradeChannel: "stable", nodeOSUpgradeChannel: "NodeImage" },
      },
      [poolOf({}, "birth")],
    );
    expect(found).toEqual([
      ...["Adopt.AksNotAtRest", "Adopt.AksServicePrincipal", "Adopt.AksBirthName"],
      ...["Aks.UpgradesItself", "Aks.ReimagesNodes"],
    ]);
  });
});

describe("what stands against taking over an agent pool", () => {
  it("nothing, where a new generation would be made the same", () => {
    expect(ofPool({})).toEqual([]);
    const said = { workloadRuntime: "OCIContainer", scaleDownMode: "Delete", enableFIPS: false };
    expect(ofPool({ ...said, kubeletDiskType: "OS", networkProfile: {} })).toEqual([]);
  });

  it.each<readonly [string, AksPoolProperties, string]>([
    ["an operation under way", { provisioningState: "Upgrading" }, "Adopt.AksPoolNotAtRest"],
    ["a stopped pool", { powerState: { code: "Stopped" } }, "Adopt.AksPoolNotAtRest"],
    ["Windows", { osType: "Windows", nodeImageVersion: "AKSWindows-2022" }, "Adopt.AksWindows"],
    ["machines without scale set", { type: "VirtualMachines" }, "Adopt.AksPoolType"],
    ["another Linux", { nodeImageVersion: "AKSCBLMariner-V2gen2-202610.20.0" }, "Adopt.AksImage"],
    ["another subnet", { vnetSubnetID: `${SUBNET}2` }, "Adopt.AksSubnet"],
    ["encryption at host", { enableEncryptionAtHost: true }, "Adopt.AksWouldBeLost"],
    ["Ultra disks", { enableUltraSSD: true }, "Adopt.AksWouldBeLost"],
    ["FIPS", { enableFIPS: true }, "Adopt.AksWouldBeLost"],
    ["a kubelet of its own", { kubeletConfig: { cpuManagerPolicy: "static" } }, "Adopt.AksWouldBeLost"],
    ["another number of pods", { maxPods: 110 }, "Adopt.AksWouldBeLost"],
    ["secure boot", { securityProfile: { enableSecureBoot: true } }, "Adopt.AksWouldBeLost"],
    ["ports of its own", { networkProfile: { allowedHostPorts: [{}] } }, "Adopt.AksWouldBeLost"],
    ["a gateway", { mode: "Gateway" }, "Adopt.AksWouldBeLost"],
    ["a price for spot", { scaleSetPriority: "Spot", spotMaxPrice: 0.1 }, "Adopt.AksWouldBeLost"],
  ])("%s", (_what, more, expected) => {
    expect(ofPool(more)).toEqual([expected]);
  });

  it("names all that would be lost", () => {
    const [problem] = judgePool(poolOf({ enableFIPS: true, maxPods: 30 }), {
      ...{ subnet: SUBNET, podSubnet: "", network: OVERLAY },
    });
    expect(problem?.message).toContain("enableFIPS and maxPods 30");
  });
});
