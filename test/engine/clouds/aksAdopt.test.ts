import { type KubeClient, listNodes } from "../../../kube";
import { labKubeconfig } from "../../../lab";
import { openClient } from "../../../lab/clouds/azure/plugin/client";
import { AUTHORIZATION } from "../../../lab/clouds/azure/token";
import { type AksStack, group, openAksStack, subscription } from "../../support/aksStack";
import { expectClean, startAuditor } from "../../support/auditor";
import { openApps } from "../../support/cluster";
import { aksLogin, READER, readByKubeconfig } from "../../support/kubeconfigUser";
import { podsOf } from "../../support/workloads";

const LAB = "aks-adopt";
const GROUP = `/subscriptions/${subscription}/resourceGroups/${group}/providers`;
const CLUSTER = `${GROUP}/Microsoft.ContainerService/managedClusters/${LAB}`;
const SUBNET = `${GROUP}/Microsoft.Network/virtualNetworks/aks/subnets/nodes`;
const WHERE = ["--cloud", "aks", "--cluster", LAB, "--project", group, "--account", subscription];

jest.setTimeout(900_000);

describe("a cluster and agent pools that were there before, on a stand-in for Azure", () => {
  let aks: AksStack;
  let kube: KubeClient;

  const common = {
    type: "VirtualMachineScaleSets",
    osType: "Linux",
    ...{ osSKU: "Ubuntu2204", vmSize: "Standard_D4s_v5", vnetSubnetID: SUBNET },
  };

  /** As `az aks create` makes them, by ARM: an identity of the cluster's own, and no label of changeover's. */
  const makeByHand = async (): Promise<void> => {
    const client = openClient({ endpoint: aks.azure.endpoint, authorization: AUTHORIZATION });
    await client.change("PUT", CLUSTER, {
      location: "westeurope",
      identity: { type: "SystemAssigned" },
      sku: { name: "Base", tier: "Standard" },
      properties: {
        ...{ kubernetesVersion: "1.35", dnsPrefix: "shop-dns", supportPlan: "KubernetesOfficial" },
        networkProfile: { networkPlugin: "azure", networkPluginMode: "overlay", serviceCidr: "10.4.0.0/16" },
        aadProfile: { managed: true },
        agentPoolProfiles: [{ ...common, name: "nodepool1", mode: "System", count: 1 }],
      },
    });
    const scaled = { enableAutoScaling: true, minCount: 2, maxCount: 4, count: 2 };
    await client.change("PUT", `${CLUSTER}/agentPools/apps`, {
      properties: { ...common, ...scaled, mode: "User", nodeLabels: { team: "shop" } },
    });
  };

  beforeAll(async () => {
    aks = await openAksStack(LAB, { soak: { duration: "1s" }, health: { timeout: "2m" } });
    await makeByHand();
    kube = await openApps(LAB);
  });

  afterAll(async () => {
    await kube.close();
    await aks.close();
  });

  const names = async (): Promise<readonly string[]> => (await listNodes(kube)).map(node => node.name).sort();

  it("writes the config, labels pools and nodes, and says so when run again", async () => {
    const adopt = await aks.stack.changeover(
      ...["adopt", "workers=apps", "system=nodepool1", "--stack", "test", ...WHERE],
      ...["--write", "--output", "json"],
    );
    expect(adopt.text).toContain('"written":true');
    expect(adopt.code).toBe(0);
    const marks = (await listNodes(kube)).map(({ labels }) => labels["changeover.dev/generation"]).sort();
    expect(marks).toEqual([
      expect.stringMatching(/^system-1-35-/),
      ...Array.from({ length: 2 }, () => expect.stringMatching(/^workers-1-35-[0-9a-f]{6}$/) as string),
    ]);
    expect(aks.azure.state.pools[`${LAB}/apps`]?.properties.nodeLabels).toMatchObject({
      team: "shop",
      "changeover.dev/pool": "workers",
    });
    expect(aks.stack.said("cluster")).toMatchObject({
      version: "1.35.8",
      aks: { systemPools: ["system"], subnet: SUBNET, dnsPrefix: "shop-dns" },
    });
    expect(aks.stack.said("pools")["workers"]).toMatchObject({ size: { min: 2, max: 4 } });
    const again = await aks.stack.changeover("adopt", "--stack", "test");
    expect(again.text).toBe("nothing to do: config and labels say so already\n");
  });

  it("the preview imports all and makes, changes or replaces nothing of Azure's; so does the `up`", async () => {
    const { text, code } = await aks.stack.preview("--policy-pack", "policy");
    expect(text).toMatch(/= .*containerservice:ManagedCluster\s+aks-adopt\s+import/);
    expect(text).toMatch(/= .*containerservice:AgentPool\s+workers-1-35-[0-9a-f]{6}\s+import/);
    expect(text).toMatch(/= .*containerservice:AgentPool\s+system-1-35-[0-9a-f]{6}\s+import/);
    expect(text).not.toMatch(/^ *[~+-]+ .*azure-native:containerservice/m);
    expect(code).toBe(0);
    const before = await names();
    await readByKubeconfig(aks.stack, aksLogin);
    const up = await aks.stack.up();
    expect(up.text).not.toMatch(/error:/);
    expect(up.text).toMatch(READER);
    expect(await names()).toEqual(before);
    expect((await aks.stack.run(["refresh", "--yes"])).code).toBe(0);
    expect((await aks.stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("an upgrade moves the workloads within their budget, and the adopted pools go", async () => {
    const cluster = aks.stack.said("cluster") as { readonly aks: object };
    const own = { ...cluster.aks, deletionProtection: false };
    aks.stack.set({ cluster: { ...cluster, version: "1.36.4", aks: own } });
    const pin = await aks.stack.changeover("pin", "--stack", "test", "--write");
    expect(pin.text).toContain("nothing to do");
    const audit = await startAuditor(labKubeconfig(LAB) ?? "", aks.stack.dir);
    const up = await aks.stack.up("--policy-pack", "policy");
    const summary = await audit.stop();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expectClean(summary);
    expect(up.text).not.toMatch(READER);
    const pools = Object.values(aks.azure.state.pools);
    expect(pools.map(({ properties }) => properties.mode).sort()).toEqual(["System", "User"]);
    expect(pools.every(({ version }) => version === "1.36.4")).toBe(true);
    expect(aks.azure.state.clusters[LAB]?.properties["dnsPrefix"]).toBe("shop-dns");
    expect((await podsOf(kube, "web")).filter(pod => pod.ready)).toHaveLength(4);
    const again = await aks.stack.preview("--expect-no-changes");
    expect(again.text).not.toMatch(/^ *[~+-]+ /m);
    expect(again.code).toBe(0);
  });
});
