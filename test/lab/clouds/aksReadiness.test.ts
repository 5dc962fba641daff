import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionOf, parseStack } from "../../../core/config";
import { type StandInAzure, startStandInAzure } from "../../../lab/clouds/azure";
import { openAccount } from "../../../lab/clouds/azure/account";
import { standInEnvironment } from "../../../lab/clouds/azure/environment";
import { Fault } from "../../../lab/clouds/fault";
import type { CloudReadiness, WantedAtCloud } from "../../../operations/ports";
import { aksCluster, aksPool, group, subscription } from "../../support/aksStack";
import { openLiveProcess } from "../../support/liveProcess";
import { codesOf, linesOf } from "../../support/readiness";

const NAME = "ready-aks";
const SUBNET = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.Network/virtualNetworks/aks/subnets/nodes`;

const wantedAt = (
  version: string,
  more: { readonly live?: string; readonly aks?: object; readonly pool?: object } = {},
): WantedAtCloud => {
  const cluster = aksCluster(NAME, version);
  const aks = { ...(cluster["aks"] as object), ...more.aks };
  const system = { ...aksPool({ min: 2, max: 4 }), ...more.pool };
  const parsed = parseStack({ cluster: { ...cluster, aks }, backup: { kind: "none" }, pools: { system } });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { cluster: spec, pools } = parsed.value;
  return {
    ...{ connection: connectionOf(spec), cluster: spec, pools },
    addOns: {},
    toCome: pools.map(pool => ({ pool: pool.name, generation: "system-1-36-abcdef", count: 2, spec: pool })),
    ...(more.live === undefined ? {} : { live: more.live }),
  };
};

const upgrade = (more: Parameters<typeof wantedAt>[1] = {}): WantedAtCloud =>
  wantedAt("1.36.4", { live: "1.35.8", ...more });
const poolsOnly = (): WantedAtCloud => wantedAt("1.36.4", { live: "1.36.4" });

describe("what Azure says before an AKS stack moves", () => {
  let folder: string;
  let azure: StandInAzure;
  let child: ReturnType<typeof openLiveProcess>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "changeover-azure-"));
    azure = await startStandInAzure({ folder, subscription, group });
    child = openLiveProcess("aks", standInEnvironment(azure, folder, process.env["PATH"] ?? ""));
  });

  const channels = (upgradeChannel: string, nodeOSUpgradeChannel: string): void => {
    const profile = { upgradeChannel, nodeOSUpgradeChannel };
    Object.assign(azure.state.clusters[NAME]?.properties ?? {}, { autoUpgradeProfile: profile });
  };

  beforeEach(() => {
    Object.assign(azure.account, openAccount());
    azure.failures.clear();
    // There is nothing behind it: only what Azure says of it is asked.
    azure.state.clusters[NAME] = {
      ...{ name: NAME, location: "westeurope", version: "1.35.8", provisioningState: "Succeeded" },
      ...{ settings: {}, properties: { networkProfile: { networkPluginMode: "overlay" } } },
    };
    azure.state.pools[`${NAME}/blue`] = {
      ...{ cluster: NAME, name: "blue", version: "1.35.8", nodeImageVersion: "", revision: 1 },
      provisioningState: "Succeeded",
      properties: { count: 2, vmSize: "Standard_D4s_v5", vnetSubnetID: SUBNET, mode: "System" },
    };
    channels("none", "None");
  });

  afterAll(async () => {
    child.close();
    await azure.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (wanted = upgrade()): Promise<CloudReadiness> => {
    if (child.live.readiness === undefined) throw new Error("AKS is asked nothing");
    return child.live.readiness(wanted, new AbortController().signal);
  };
  const codes = async (wanted = upgrade()): Promise<readonly (readonly string[])[]> =>
    codesOf(await ask(wanted));

  it("nothing stands against a run with room, rights and an offered version", async () => {
    expect(await codes()).toEqual([[], []]);
  });

  it("all that is short, missing or moving by itself is said at once", async () => {
    azure.account.limits["cores"] = 12;
    azure.account.grants = [
      { actions: ["*"], notActions: ["Microsoft.ContainerService/managedClusters/agentPools/write"] },
    ];
    azure.account.notInZone["Standard_D4s_v5"] = ["2"];
    azure.account.podCidr = "10.244.0.0/23";
    Object.assign(azure.account.subnets, { nodes: { used: 3, size: 6 } });
    channels("stable", "NodeImage");
    const [blockers, warnings] = await codes(
      wantedAt("1.34.9", { live: "1.34.9", pool: { version: "1.34.1" } }),
    );
    expect(blockers).toEqual([
      ...["Aks.VersionNotOffered", "Aks.UpgradesItself", "Aks.ReimagesNodes", "Aks.MachineNotInZone"],
      ...["Aks.Quota", "Aks.SubnetFull", "Aks.PodCidrFull", "Aks.PermissionsMissing"],
    ]);
    expect(warnings).toEqual([]);
  });

  it("names the nearest of the versions that AKS offers", async () => {
    expect(linesOf((await ask(wantedAt("1.36.9", { live: "1.35.8" }))).blockers)).toEqual([
      expect.stringMatching(/^Aks\.VersionNotOffered: .*"1\.36\.9".* \| .*nearest is 1\.36\.4$/),
    ]);
  });

  it("a region that does not exist is refused alone, where a cluster is to be made there", async () => {
    Reflect.deleteProperty(azure.state.clusters, NAME);
    const { live: _none, ...fresh } = upgrade();
    const nowhere = { ...fresh, connection: { ...fresh.connection, region: "westeurope9" } };
    expect(linesOf((await ask(nowhere)).blockers)).toEqual([
      expect.stringMatching(/^Aks\.RegionUnknown: found "westeurope9".*nearest are westeurope, /),
    ]);
    azure.account.grants = [{ actions: ["*"], notActions: ["Microsoft.Resources/*"] }];
    expect(linesOf((await ask(nowhere)).warnings)[0]).toMatch(/NotAsked: .*nothing is known of the region:/);
  });

  it("a version in long-term support alone needs that in config, and says what", async () => {
    azure.account.longTermOnly.add("1.36");
    expect(linesOf((await ask()).blockers)).toEqual([
      expect.stringMatching(
        /^Aks\.SupportPlan: .*AKSLongTermSupport only \| .*support: longTerm.*tier: premium/,
      ),
    ]);
    expect(await codes(upgrade({ aks: { support: "longTerm", tier: "premium" } }))).toEqual([[], []]);
  });

  it("an upgrade that AKS does not offer to this cluster is refused, a preview is said", async () => {
    azure.account.previews.add("1.36");
    azure.account.noUpgradeTo.add("1.36.4");
    expect(await codes()).toEqual([["Aks.NoSuchUpgrade"], ["Aks.PreviewVersion"]]);
  });

  it("what AKS moves by itself ends with an upgrade of the control plane, and is refused where only pools move", async () => {
    channels("patch", "SecurityPatch");
    expect(await codes()).toEqual([[], ["Aks.UpgradesItself", "Aks.ReimagesNodes"]]);
    expect(await codes(poolsOnly())).toEqual([["Aks.UpgradesItself", "Aks.ReimagesNodes"], []]);
    channels("none", "Unmanaged");
    expect(await codes(poolsOnly())).toEqual([[], ["Aks.NodesPatchThemselves"]]);
  });

  it.each([
    [
      "cores",
      "quota cores in westeurope: 8 more vCPUs are needed at the same time (system: 2 × Standard_D4s_v5), 7 of 15",
    ],
    ["standardDSv5Family", "quota standardDSv5Family in westeurope: 8 more vCPUs"],
  ])("counts machines to come against %s, which those that are there use, too", async (name, text) => {
    azure.account.limits[name] = 15;
    expect((await ask()).blockers.map(({ message }) => message)).toEqual([expect.stringContaining(text)]);
    azure.account.limits[name] = 16;
    expect((await ask()).blockers).toEqual([]);
  });

  it("a machine that the subscription may not have is refused with Azure's reason", async () => {
    azure.account.restricted["Standard_D4s_v5"] = "NotAvailableForSubscription";
    expect(linesOf((await ask()).blockers)).toEqual([
      expect.stringMatching(/^Aks\.MachineRestricted: .*NotAvailableForSubscription/),
    ]);
    const unknown = upgrade({ pool: { machine: "Standard_D4s_v99" } });
    expect(linesOf((await ask(unknown)).blockers)).toEqual([expect.stringMatching(/^Aks\.MachineUnknown: /)]);
  });

  it("a subnet for pods gives each node sixteen addresses", async () => {
    const podSubnet = SUBNET.replace("nodes", "pods");
    Object.assign(azure.account.subnets, { pods: { used: 0, size: 31 } });
    expect(linesOf((await ask(upgrade({ aks: { podSubnet } }))).blockers)).toEqual([
      expect.stringMatching(/^Aks\.SubnetFull: .* 16 of subnet pods; 31 of 31/),
    ]);
    Object.assign(azure.account.subnets, { pods: { used: 0, size: 32 } });
    expect(await codes(upgrade({ aks: { podSubnet } }))).toEqual([[], []]);
  });

  it("one problem names all actions that the run lacks, each where it lacks; destroying needs its own", async () => {
    azure.account.grants = [
      { actions: ["*/read"], notActions: [] },
      {
        actions: ["Microsoft.ContainerService/managedClusters/*", "Microsoft.ManagedIdentity/*"],
        notActions: ["*/delete", "*/deleteMachines/action"],
      },
    ];
    const { blockers, warnings } = await ask();
    expect(linesOf(blockers)).toEqual([
      expect.stringMatching(
        /^Aks\.PermissionsMissing: .* 3 of .*agentPools\/delete, .*deleteMachines\/action on resource group changeover-test; .*join\/action on subnet nodes \| .*changeover permissions aks/,
      ),
    ]);
    expect(linesOf(warnings)).toEqual([
      expect.stringMatching(/^Aks\.PermissionsForLater: .*managedClusters\/delete/),
    ]);
  });

  it("where one place can't be asked that is said, and what another lacks is still refused", async () => {
    azure.account.grants = [{ actions: ["*"], notActions: ["*/agentPools/write"] }];
    const fault = new Fault("AuthorizationFailed", "not yours", 403);
    azure.failures.plan({ action: "ListPermissions", on: /subnets\/nodes$/, fault });
    const { blockers, warnings } = await ask();
    expect(linesOf(blockers)).toEqual([
      expect.stringMatching(/^Aks\.PermissionsMissing: .* 1 of .*agentPools\/write/),
    ]);
    expect(linesOf(warnings)).toEqual([
      expect.stringMatching(/^Preflight\.NotAsked: .*known of permissions on subnet nodes: /),
    ]);
  });

  it("what Azure refuses to tell is a warning beside what the others found", async () => {
    azure.account.limits["cores"] = 15;
    azure.account.grants = [
      { actions: ["*"], notActions: ["Microsoft.Network/virtualNetworks/usages/read"] },
    ];
    const fault = new Fault("BadRequest", "it says no", 400);
    azure.failures.plan({ action: "GetUpgradeProfile", on: /./, fault });
    const { blockers, warnings } = await ask();
    expect(linesOf(blockers)).toEqual([expect.stringMatching(/^Aks\.Quota: /)]);
    expect(linesOf(warnings)).toEqual([
      expect.stringMatching(/^Preflight\.NotAsked: .*known of versions that AKS offers: .*it says no/),
      expect.stringMatching(
        /^Preflight\.NotAsked: .*known of addresses: .*grant Microsoft\.Network\/virtualNetworks\/usages\/read/,
      ),
    ]);
  });

  it("a cluster that is still to be made is asked for what it needs, the pool of its birth included", async () => {
    Reflect.deleteProperty(azure.state.clusters, NAME);
    Reflect.deleteProperty(azure.state.pools, `${NAME}/blue`);
    azure.account.limits["cores"] = 11;
    expect(linesOf((await ask(wantedAt("1.36.4"))).blockers)).toEqual([
      expect.stringMatching(/^Aks\.Quota: .*12 more vCPUs .*birth: 1 × Standard_D4s_v5/),
    ]);
  });
});
