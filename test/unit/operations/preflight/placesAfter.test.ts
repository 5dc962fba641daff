import { parseStack } from "../../../../core/config";
import type { Problem } from "../../../../core/problem";
import { desiredOf } from "../../../../core/upgrade/desired";
import { type KubeClient, listNodes } from "../../../../kube";
import { checkPlacesAfter } from "../../../../operations/preflight/placesAfter";
import { failed, scriptApi } from "../../../support/scriptedApi";

const GENERATION = "changeover.dev/generation";
const OLD = "workers-1-35-000000";

interface PodWish {
  readonly node?: string;
  readonly kind?: string;
  readonly spec?: object;
}

const wantedOf = (pools: object) => {
  const parsed = parseStack({ cluster: { name: "shop", cloud: "lab", version: "1.36" }, pools });
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

const look = async (
  pod: PodWish,
  { pools = { workers }, nodes = [blue("old-1")] }: { pools?: object; nodes?: readonly object[] } = {},
): Promise<{ blockers: readonly string[]; warnings: readonly string[] }> => {
  const { kube } = scriptApi(({ path }) => ({ items: path.endsWith("/nodes") ? nodes : [podOf(pod)] }));
  const { blockers, warnings } = await check(kube, wantedOf(pools));
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
