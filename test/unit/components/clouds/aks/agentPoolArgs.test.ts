import fc from "fast-check";
import { agentPoolArgs } from "../../../../../components/clouds/aks/agentPoolArgs";
import { birthPool, clusterArgs } from "../../../../../components/clouds/aks/clusterArgs";
import { agentPoolName, BIRTH_POOL } from "../../../../../components/clouds/aks/facts";
import { fixedPool } from "../../../../../components/clouds/aks/inherited";
import type { NodePoolArgs } from "../../../../../components/clouds/contract";
import { connectionOf, parseStack, type StackSpec } from "../../../../../core/config";
import { generationId } from "../../../../../core/identity/generation";
import { aksCluster, aksPool, group } from "../../../../support/aksStack";

const stackWith = (pool: object, aks: object = {}): StackSpec => {
  const cluster = aksCluster("eu", "1.36.4") as { readonly aks: object };
  const size = { min: 3, max: 9 };
  const parsed = parseStack({
    cluster: { ...cluster, aks: { ...cluster.aks, ...aks } },
    backup: { kind: "none" },
    pools: { system: aksPool({ min: 1, max: 2 }), workers: { ...aksPool(size), ...pool } },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
};

const argsOf = ({ cluster, pools }: StackSpec, pool: string, start?: number): NodePoolArgs => {
  const spec = pools.find(({ name }) => name === pool);
  if (spec === undefined) throw new Error("no pool");
  return {
    ...{ cluster, pool, active: true },
    connection: connectionOf(cluster),
    generation: generationId("eu", spec),
    spec: start === undefined ? spec : { ...spec, start },
  };
};

describe("a generation as an agent pool of AKS", () => {
  it("names machines, exact kubelet and bounds", () => {
    expect(agentPoolArgs(argsOf(stackWith({}), "workers"))).toMatchObject({
      resourceGroupName: group,
      resourceName: "eu",
      mode: "User",
      type: "VirtualMachineScaleSets",
      orchestratorVersion: "1.36.4",
      osType: "Linux",
      osSKU: "Ubuntu2204",
      vmSize: "Standard_D4s_v5",
      availabilityZones: ["1", "2"],
      ...{ enableAutoScaling: true, minCount: 3, maxCount: 9, count: 3 },
    });
  });

  it("says spot and disk only where config does, and the taint that AKS gives spot machines", () => {
    const plain = agentPoolArgs(argsOf(stackWith({}), "workers"));
    for (const key of ["scaleSetPriority", "osDiskSizeGB"]) expect(plain).not.toHaveProperty(key);
    const spot = agentPoolArgs(argsOf(stackWith({ capacity: "spot", diskGiB: 256 }), "workers"));
    expect(spot).toMatchObject({
      ...{ scaleSetPriority: "Spot", scaleSetEvictionPolicy: "Delete", spotMaxPrice: -1, osDiskSizeGB: 256 },
      nodeTaints: [
        "kubernetes.azure.com/scalesetpriority=spot:NoSchedule",
        "changeover.dev/unproven=:NoSchedule",
      ],
    });
  });

  it("has the mode that the cluster's list gives its pool", () => {
    expect(agentPoolArgs(argsOf(stackWith({}), "system"))).toMatchObject({ mode: "System" });
  });

  it("is made of a snapshot where one holds the image, and says in a tag which image config names", () => {
    const image = "AKSAzureLinux-V3gen2-202609.01.0";
    const id = `/subscriptions/s/resourceGroups/g/providers/Microsoft.ContainerService/snapshots/september`;
    const args = agentPoolArgs(argsOf(stackWith({ image }, { snapshots: { [image]: id } }), "workers"));
    expect(args).toMatchObject({
      osSKU: "AzureLinux3",
      creationData: { sourceResourceId: id },
      tags: { "changeover-image": image },
    });
    expect(agentPoolArgs(argsOf(stackWith({}), "workers"))).not.toHaveProperty("creationData");
  });

  it("is found by its labels, and born unproven beside the user's own taints", () => {
    const taints = [{ key: "gpu", value: "yes", effect: "NoExecute" }];
    const args = argsOf(stackWith({ labels: { team: "a" }, taints }), "workers");
    expect(agentPoolArgs(args)).toMatchObject({
      nodeLabels: {
        team: "a",
        "changeover.dev/pool": "workers",
        "changeover.dev/generation": args.generation,
      },
      nodeTaints: ["gpu=yes:NoExecute", "changeover.dev/unproven=:NoSchedule"],
    });
  });

  it("may be born smaller than its least size where the pool moves in waves", () => {
    expect(agentPoolArgs(argsOf(stackWith({}), "workers", 1))).toMatchObject({
      ...{ count: 1, minCount: 1, maxCount: 9 },
    });
  });

  it("is fixed in everything: the provider would put all of the day of birth back", () => {
    const stated = Object.keys(agentPoolArgs(argsOf(stackWith({}), "workers")));
    expect(stated.filter(key => !fixedPool.includes(key))).toEqual([]);
  });
});

describe("an AKS cluster", () => {
  it("leaves no upgrade to AKS, and nobody in but by Entra ID", () => {
    expect(clusterArgs(stackWith({}).cluster)).toMatchObject({
      kubernetesVersion: "1.36.4",
      dnsPrefix: "eu",
      autoUpgradeProfile: { upgradeChannel: "none", nodeOSUpgradeChannel: "None" },
      disableLocalAccounts: true,
      aadProfile: { managed: true, enableAzureRBAC: true },
      sku: { name: "Base", tier: "Standard" },
      supportPlan: "KubernetesOfficial",
    });
  });

  it("is born with one machine on which nothing of a user's lands, and states no version of it", () => {
    const [pool, ...others] = birthPool(stackWith({}).cluster);
    expect(others).toEqual([]);
    expect(pool).toMatchObject({ name: BIRTH_POOL, mode: "System", count: 1 });
    expect(pool).toMatchObject({ nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"] });
    expect(pool).not.toHaveProperty("orchestratorVersion");
  });

  it("takes long-term support", () => {
    const { cluster } = stackWith({}, { support: "longTerm", tier: "premium" });
    expect(clusterArgs(cluster)).toMatchObject({
      sku: { tier: "Premium" },
      supportPlan: "AKSLongTermSupport",
    });
  });
});

describe("names", () => {
  const pool = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/);
  const source = { zones: [], labels: {}, taints: [] };
  const generation = fc
    .tuple(pool, fc.integer({ min: 20, max: 120 }))
    .map(([name, minor]) => generationId("eu", { name, version: `1.${minor}`, ...source }));

  it("every legal pool and cluster gives a name that AKS takes", () => {
    fc.assert(
      fc.property(generation, id => {
        expect(agentPoolName(id)).toMatch(/^[a-z][a-z0-9]{11}$/);
      }),
    );
  });

  it("another generation has another name, and the same one the same", () => {
    fc.assert(
      fc.property(fc.uniqueArray(generation, { minLength: 2, maxLength: 50 }), ids => {
        expect(new Set(ids.map(agentPoolName)).size).toBe(ids.length);
        expect(ids.map(agentPoolName)).toEqual(ids.map(agentPoolName));
      }),
    );
  });

  it("keeps three letters for those who look at AKS", () => {
    expect(agentPoolName("workers-1-36-7c2e90")).toMatch(/^wor/);
    expect(agentPoolName("7-days-1-36-7c2e90")).toMatch(/^p7d/);
  });
});
