import fc from "fast-check";
import { proveCapacity } from "../../../../core/drain/capacity";
import type { CapacityNode } from "../../../../core/drain/capacity";
import type { PlacedPod } from "../../../../core/drain/placement";

const pod = (name: string, more: Partial<PlacedPod> = {}): PlacedPod => ({
  namespace: "shop",
  name,
  labels: { app: name },
  requests: { cpu: 500, memory: 100, pods: 1 },
  tolerations: [],
  nodeSelector: {},
  affinity: undefined,
  topologySpread: [],
  hostPorts: [],
  claims: [],
  schedulerName: "default-scheduler",
  devices: false,
  ...more,
});

const node = (name: string, more: Partial<CapacityNode> = {}): CapacityNode => ({
  name,
  labels: { pool: "green", "kubernetes.io/hostname": name },
  taints: [],
  allocatable: { cpu: 1_000, memory: 1_000, pods: 10 },
  occupants: [],
  ...more,
});

const port = { port: 80, protocol: "TCP", ip: "0.0.0.0" };
const apart = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: { app: "web" } } },
    ],
  },
};
const needs = (key: string, values: readonly string[]) => ({
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [{ matchExpressions: [{ key, operator: "In", values }] }],
    },
  },
});
const oddly = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: "pool", operator: "Exists" }] },
        { matchExpressions: [{ key: "pool", operator: "Sometimes" }] },
      ],
    },
  },
};
const web = { labels: { app: "web" } };

it("fits when a place is found for every pod", () => {
  const pods = ["a", "b", "c", "d"].map(name => pod(name));
  expect(proveCapacity({ pods, nodes: [node("g1"), node("g2")] })).toEqual({ verdict: "FITS", reasons: [] });
});

it("counts what stays on the nodes, and the seats", () => {
  const full = node("g1", { occupants: [pod("stays", { requests: { cpu: 900, pods: 1 } })] });
  expect(proveCapacity({ pods: [pod("a")], nodes: [full] })).toEqual({
    verdict: "IMPOSSIBLE",
    reasons: ["shop/a fit no node: cpu on 1", "1 pods ask for cpu 500, free is 100"],
    homeless: ["shop/a"],
  });
  const seats = node("g1", { allocatable: { cpu: 1_000, memory: 1_000, pods: 1 } });
  const two = ["a", "b"].map(name => pod(name, { requests: { cpu: 1, pods: 1 } }));
  expect(proveCapacity({ pods: two, nodes: [seats] }).reasons).toEqual(["2 pods ask for pods 2, free is 1"]);
});

it("has no proof when the sum suffices but no arrangement was found", () => {
  const pods = ["a", "b", "c"].map(name => pod(name, { requests: { cpu: 600 } }));
  const nodes = [node("g1"), node("g2", { allocatable: { cpu: 1_100, memory: 1_000, pods: 10 } })];
  expect(proveCapacity({ pods, nodes })).toEqual({
    verdict: "UNPROVEN",
    reasons: ["no placement found for shop/c"],
    homeless: ["shop/c"],
  });
});

it.each([
  ["a taint", pod("a"), node("g", { taints: [{ key: "gpu", effect: "NoSchedule" }] }), "taint gpu on 1"],
  ["a selector", pod("a", { nodeSelector: { pool: "blue" } }), node("g"), "selector or affinity on 1"],
  [
    "a required affinity",
    pod("a", { affinity: needs("zone", ["z"]) }),
    node("g"),
    "selector or affinity on 1",
  ],
  ["a device", pod("a", { requests: { "nvidia.com/gpu": 1 } }), node("g"), "nvidia.com/gpu on 1"],
  [
    "a taken port",
    pod("a", { hostPorts: [port] }),
    node("g", { occupants: [pod("b", { hostPorts: [port] })] }),
    "host port on 1",
  ],
  [
    "an anti-affinity",
    pod("a", { affinity: apart }),
    node("g", { occupants: [pod("w", web)] }),
    "anti-affinity on 1",
  ],
  [
    "an anti-affinity of one that stays",
    pod("a", web),
    node("g", { occupants: [pod("w", { affinity: apart })] }),
    "anti-affinity on 1",
  ],
] as const)("names %s that keeps a pod from every node", (...[, given, place, why]) => {
  const proof = proveCapacity({ pods: [given], nodes: [place] });
  expect(proof.verdict).toBe("IMPOSSIBLE");
  expect(proof.reasons[0]).toBe(`shop/a fit no node: ${why}`);
});

it("sees a wish for being apart between pods that both move", () => {
  const pods = ["a", "b"].map(name => pod(name, { ...web, affinity: apart, requests: { cpu: 1 } }));
  expect(proveCapacity({ pods, nodes: [node("g1"), node("g2")] }).verdict).toBe("FITS");
  expect(proveCapacity({ pods, nodes: [node("g1")] }).verdict).toBe("UNPROVEN");
});

it("lets tolerated and merely preferred taints pass", () => {
  const taints = [
    { key: "gpu", effect: "NoSchedule" },
    { key: "leaving", effect: "PreferNoSchedule" },
  ];
  const tolerant = pod("a", { tolerations: [{ key: "gpu", operator: "Exists" }] });
  expect(proveCapacity({ pods: [tolerant], nodes: [node("g", { taints })] }).verdict).toBe("FITS");
});

it.each([
  ["another scheduler", { schedulerName: "volcano" }],
  ["device claims", { devices: true }],
  ["volume claims", { claims: ["data"] }],
  ["topology spread of an unknown form", { topologySpread: [{ whenUnsatisfiable: "DoNotSchedule" }] }],
  [
    "pod affinity of an unknown form",
    { affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{}] } } },
  ],
  [
    "pod affinity of an unknown form",
    {
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: "zone", labelSelector: {}, namespaceSelector: { matchLabels: { team: "a" } } },
          ],
        },
      },
    },
  ],
  ["node affinity of an unknown form", { affinity: oddly }],
] as const)("never says that it fits with %s", (construct, more) => {
  expect(proveCapacity({ pods: [pod("a", more)], nodes: [node("g")] })).toEqual({
    verdict: "UNPROVEN",
    reasons: [`shop/a: ${construct} is not part of the proof`],
  });
});

it("says that there is no node", () => {
  expect(proveCapacity({ pods: [pod("a")], nodes: [] }).reasons[0]).toBe(
    "shop/a fit no node: there is no node",
  );
});

it("fits only what also fits in sum, and adding a node never takes a proof away to impossible", () => {
  const size = fc.integer({ min: 1, max: 1_200 });
  const lists = fc.record({
    pods: fc.array(size, { maxLength: 12 }),
    nodes: fc.array(size, { maxLength: 6 }),
  });
  fc.assert(
    fc.property(lists, given => {
      const pods = given.pods.map((cpu, index) => pod(`p${index}`, { requests: { cpu } }));
      const nodes = given.nodes.map((cpu, index) => node(`n${index}`, { allocatable: { cpu } }));
      const proof = proveCapacity({ pods, nodes });
      const sum = (all: readonly number[]): number => all.reduce((a, b) => a + b, 0);
      if (proof.verdict === "FITS") expect(sum(given.pods)).toBeLessThanOrEqual(sum(given.nodes));
      const more = proveCapacity({ pods, nodes: [...nodes, node("more", { allocatable: { cpu: 1_200 } })] });
      if (proof.verdict !== "IMPOSSIBLE") expect(more.verdict).not.toBe("IMPOSSIBLE");
    }),
  );
});
