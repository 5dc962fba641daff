import { parseStack } from "../../../../core/config";
import type { Problem } from "../../../../core/problem";
import { desiredOf } from "../../../../core/upgrade/desired";
import { type KubeClient, listNodes } from "../../../../kube";
import { checkPlacesAfter } from "../../../../operations/preflight/placesAfter";
import { aksCluster, aksPool } from "../../../support/aksStack";
import { eksCluster, eksWorkers } from "../../../support/eksStack";
import { failed, scriptApi } from "../../../support/scriptedApi";

const GENERATION = "changeover.dev/generation";
const OLD = "workers-1-35-000000";

interface PodWish {
  readonly node?: string;
  readonly kind?: string;
  readonly spec?: object;
}

const LAB = { name: "shop", cloud: "lab", version: "1.36" };

const wantedOf = (pools: object, cluster: object = LAB) => {
  const parsed = parseStack({ cluster, pools, backup: { kind: "none" } });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return desiredOf(parsed.value, { kubeletMayTrail: 3, controlPlaneBack: "emulated" });
};

const workers = { size: { min: 2, max: 4 }, machine: "lab.large" };

const nodeOf = (name: string, labels: object, taints: readonly object[] = []): object => ({
  metadata: { name, labels: { "kubernetes.io/hostname": name, ...labels } },
  spec: { taints },
  status: {},
});

const blue = (name: string, labels: object = {}): object =>
  nodeOf(name, { "changeover.dev/pool": "workers", [GENERATION]: OLD, ...labels });

const podOf = ({ node = "old-1", kind = "ReplicaSet", spec = {} }: PodWish): object => ({
  metadata: {
    name: "web-1",
    namespace: "shop",
    ownerReferences: [{ kind, name: "web", uid: "1", controller: true, apiVersion: "apps/v1" }],
  },
  spec: { nodeName: node, ...spec },
  status: { phase: "Running" },
});

const selecting = (nodeSelector: object): PodWish => ({ spec: { nodeSelector } });

const required = (key: string, operator: string, values: readonly string[]): PodWish => {
  const nodeSelectorTerms = [{ matchExpressions: [{ key, operator, values }] }];
  const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
  return { spec: { affinity: { nodeAffinity } } };
};

const brief = (problems: readonly Problem[]): readonly string[] =>
  problems.map(({ code, message }) => `${code}: ${message}`);

const check = (kube: KubeClient, wanted: ReturnType<typeof wantedOf>): ReturnType<typeof checkPlacesAfter> =>
  checkPlacesAfter({ kube, nodes: listNodes(kube) }, wanted, AbortSignal.timeout(5_000));

interface There {
  readonly pools?: object;
  readonly nodes?: readonly object[];
  readonly volumes?: readonly object[];
  readonly cluster?: object;
}

const look = async (
  pod: PodWish,
  { pools = { workers }, nodes = [blue("old-1")], volumes = [], cluster = LAB }: There = {},
): Promise<{ blockers: readonly string[]; warnings: readonly string[] }> => {
  const items = new Map([
    ["nodes", nodes],
    ["persistentvolumes", volumes],
    ["pods", [podOf(pod)]],
  ]);
  const { kube } = scriptApi(({ path }) => ({ items: items.get(path.split("/").at(-1) ?? "") }));
  const { blockers, warnings } = await check(kube, wantedOf(pools, cluster));
  return { blockers: brief(blockers), warnings: brief(warnings) };
};

const NONE = { blockers: [], warnings: [] };

describe("whether every workload finds a node afterwards", () => {
  it.each([
    ["nothing", {}],
    ["the pool", selecting({ "changeover.dev/pool": "workers" })],
    ["what the cloud writes", required("topology.kubernetes.io/zone", "In", ["a"])],
    ["the machine type to come", selecting({ "node.kubernetes.io/instance-type": "lab.large" })],
    ["any node but one", required("kubernetes.io/hostname", "NotIn", ["old-1"])],
  ])("pods that ask for %s do", async (_what, pod) => {
    const labels = {
      "topology.kubernetes.io/zone": "a",
      "node.kubernetes.io/instance-type": "lab.small",
    };
    expect(await look(pod, { nodes: [blue("old-1", labels)] })).toEqual(NONE);
  });

  it.each([
    ["a node", { "kubernetes.io/hostname": "old-1" }],
    ["a generation", { [GENERATION]: OLD }],
    ["the cloud's pool", { "eks.amazonaws.com/nodegroup": OLD }],
    ["the machine type that goes", { "node.kubernetes.io/instance-type": "lab.small" }],
  ])("pods pinned to %s do not: refused, with what they select", async (_what, pins) => {
    const { blockers, warnings } = await look(selecting(pins), { nodes: [blue("old-1", pins)] });
    const [key, value] = Object.entries(pins)[0] ?? [];
    expect(blockers).toEqual([
      `Preflight.NoNodeAfterwards: no node there will be takes the pods of shop/web: they select ${String(key)}=${String(value)}`,
    ]);
    expect(warnings).toEqual([]);
  });

  it("pods that select a pool by its name don't follow it into a pool for each zone; a label of one's own does", async () => {
    const labels = { role: "web" };
    const web = { ...workers, labels, zones: ["a", "b"], perZone: true };
    const nodes = [
      blue("old-1", labels),
      nodeOf("new-1", { "changeover.dev/pool": "web-a", [GENERATION]: "web-a-1-36-000000", ...labels }),
    ];
    const pools = { workers: { ...workers, remove: true }, web: { ...web, hold: true, version: "1.36" } };
    const { blockers } = await look(selecting({ "changeover.dev/pool": "workers" }), { nodes, pools });
    expect(blockers).toEqual([
      "Preflight.NoNodeAfterwards: no node there will be takes the pods of shop/web: no other pool takes them",
    ]);
    expect(await look(selecting(labels), { nodes, pools })).toEqual(NONE);
  });

  it("a required affinity to what goes is refused as well", async () => {
    const { blockers } = await look(required("kubernetes.io/hostname", "In", ["old-1"]));
    expect(blockers).toEqual([expect.stringContaining("their required node affinity matches none")]);
  });

  it("a taint that config adds is met before it is there", async () => {
    const tainted = { ...workers, taints: [{ key: "team", value: "a", effect: "NoSchedule" }] };
    const { blockers } = await look({}, { pools: { workers: tainted } });
    expect(blockers).toEqual([expect.stringContaining("they don't tolerate the taint team:NoSchedule")]);
    const tolerations = [{ key: "team", operator: "Exists" }];
    expect(await look({ spec: { tolerations } }, { pools: { workers: tainted } })).toEqual(NONE);
  });

  it("a label that only a person writes is a warning until config has it", async () => {
    const pod = selecting({ tier: "web" });
    const nodes = [blue("old-1", { tier: "web" })];
    const { blockers, warnings } = await look(pod, { nodes });
    expect(blockers).toEqual([]);
    expect(warnings).toEqual([expect.stringMatching(/^Preflight\.LabelNotInConfig: .*tier=web, which/)]);
    const pools = { workers: { ...workers, labels: { tier: "web" } } };
    expect(await look(pod, { nodes, pools })).toEqual(NONE);
  });

  it("a node that stays may take them, cordoned or not", async () => {
    const cordon = [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }];
    const nodes = [blue("old-1"), nodeOf("other", { disk: "ssd" }, cordon)];
    expect(await look(selecting({ disk: "ssd" }), { nodes })).toEqual(NONE);
  });

  it("a pool that goes takes what only it offers with it", async () => {
    const pools = { workers: { ...workers, remove: true }, rest: workers };
    const { blockers } = await look(selecting({ "changeover.dev/pool": "workers" }), { pools });
    expect(blockers).toEqual([expect.stringContaining("no other pool takes them")]);
  });

  it("a pool that comes with the same edit may take them", async () => {
    const pools = { workers: { ...workers, remove: true }, apps: { ...workers, labels: { tier: "web" } } };
    const nodes = [blue("old-1", { tier: "web" })];
    expect(await look(selecting({ tier: "web" }), { pools, nodes })).toEqual(NONE);
    const { blockers } = await look(selecting({ tier: "db" }), { pools, nodes });
    expect(blockers).toHaveLength(1);
  });

  it("zones that config gives up are met before their nodes go", async () => {
    const zone = "topology.kubernetes.io/zone";
    const nodes = [blue("old-1", { [zone]: "eu-west-1a" }), blue("old-2", { [zone]: "eu-west-1b" })];
    const inZone = (...zones: readonly string[]) => ({ workers: { ...workers, zones } });
    const pod = selecting({ [zone]: "eu-west-1b" });
    expect(await look(pod, { nodes, pools: inZone("b", "c") })).toEqual(NONE);
    const { blockers } = await look(pod, { nodes, pools: inZone("a", "c") });
    expect(blockers).toEqual([expect.stringContaining(`they select ${zone}=eu-west-1b`)]);
    expect(await look(selecting({ [zone]: "eu-west-1c" }), { nodes, pools: inZone("a", "c") })).toEqual(NONE);
  });

  it("volumes hold their pods in a zone", async () => {
    const zone = "topology.ebs.csi.aws.com/zone";
    const nodes = [blue("old-1", { [zone]: "eu-west-1a" })];
    const terms = [{ matchExpressions: [{ key: zone, operator: "In", values: ["eu-west-1a"] }] }];
    const claim = { namespace: "shop", name: "data" };
    const volume = (key: string): object => ({
      metadata: { name: "pv" },
      spec: { claimRef: claim, nodeAffinity: { required: { nodeSelectorTerms: terms } }, [key]: {} },
      status: { phase: "Bound" },
    });
    const pod = { spec: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] } };
    const pools = (...zones: readonly string[]) => ({ workers: { ...workers, zones } });
    const volumes = [volume("csi")];
    expect(await look(pod, { nodes, volumes, pools: pools("a", "b") })).toEqual(NONE);
    const { blockers } = await look(pod, { nodes, volumes, pools: pools("b") });
    expect(blockers).toEqual([
      expect.stringContaining(
        `their volume of the claim shop/data can be attached only at ${zone} eu-west-1a`,
      ),
    ]);
    expect(await look(pod, { nodes, volumes: [volume("local")], pools: pools("b") })).toEqual(NONE);
  });

  describe("what a cloud will write by an edit of config is told on", () => {
    const arch = selecting({ "kubernetes.io/arch": "amd64" });
    const node = (labels: object): readonly object[] => [blue("old-1", labels)];
    const eksPool = (edit: object) => ({ workers: { ...eksWorkers("1.36.4-20261105"), ...edit } });
    const eks = eksCluster("shop", "1.36");

    it("eks: the architecture of the machine, and spot", async () => {
      const nodes = node({ "kubernetes.io/arch": "amd64" });
      expect(await look(arch, { nodes, pools: eksPool({}), cluster: eks })).toEqual(NONE);
      const { blockers } = await look(arch, {
        nodes,
        pools: eksPool({ machine: "m7g.large" }),
        cluster: eks,
      });
      expect(blockers).toEqual([expect.stringContaining("they select kubernetes.io/arch=amd64")]);
      const spot = selecting({ "eks.amazonaws.com/capacityType": "SPOT" });
      expect(await look(spot, { nodes, pools: eksPool({ capacity: "spot" }), cluster: eks })).toEqual(NONE);
      const gone = await look(spot, {
        nodes: node({ "eks.amazonaws.com/capacityType": "SPOT" }),
        pools: eksPool({}),
        cluster: eks,
      });
      expect(gone.blockers).toHaveLength(1);
    });

    it("aks: the taint of spot machines, which config does not name", async () => {
      const cluster = aksCluster("shop", "1.36.4");
      const systemOnly = { key: "CriticalAddonsOnly", value: "true", effect: "NoSchedule" };
      const pools = {
        system: { ...aksPool({ min: 1, max: 2 }), taints: [systemOnly] },
        workers: { ...aksPool({ min: 1, max: 2 }), capacity: "spot" },
      };
      const key = "kubernetes.azure.com/scalesetpriority";
      const { blockers } = await look({}, { pools, cluster });
      expect(blockers).toEqual([expect.stringContaining(`they don't tolerate the taint ${key}:NoSchedule`)]);
      const tolerations = [{ key, operator: "Equal", value: "spot", effect: "NoSchedule" }];
      expect(
        await look({ spec: { tolerations, nodeSelector: { [key]: "spot" } } }, { pools, cluster }),
      ).toEqual(NONE);
    });
  });

  it.each(["DaemonSet", "Job"])("pods of a %s are not asked", async kind => {
    expect(await look({ kind, ...selecting({ [GENERATION]: OLD }) })).toEqual(NONE);
  });

  it("asks for no pods where no node goes", async () => {
    const wanted = wantedOf({ workers });
    const generation = wanted.generations["workers"] ?? "";
    const node = nodeOf("new-1", { "changeover.dev/pool": "workers", [GENERATION]: generation });
    const api = scriptApi(() => ({ items: [node] }));
    expect(await check(api.kube, wanted)).toEqual(NONE);
    expect(api.calls.map(({ path }) => path)).toEqual(["/api/v1/nodes"]);
  });

  it("says so where it was not allowed to look", async () => {
    const { kube } = scriptApi(({ path }) =>
      path.endsWith("/nodes") ? { items: [blue("old-1")] } : failed(403),
    );
    const found = await check(kube, wantedOf({ workers }));
    expect(found.blockers).toEqual([]);
    expect(found.warnings).toMatchObject([{ code: "Preflight.PlacesNotChecked" }]);
  });
});
