import { type CapacityNode, proveCapacity } from "../../../../core/drain/capacity";
import type { PlacedPod } from "../../../../core/drain/placement";

const ZONE = "topology.kubernetes.io/zone";
const HOST = "kubernetes.io/hostname";
const WEB = { matchLabels: { app: "web" } };

const pod = (name: string, more: Partial<PlacedPod> = {}): PlacedPod => ({
  namespace: "shop",
  name,
  labels: { app: "web" },
  requests: { cpu: 1 },
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

const node = (name: string, zone: string, more: Partial<CapacityNode> = {}): CapacityNode => ({
  name,
  labels: { [HOST]: name, [ZONE]: zone },
  taints: [],
  allocatable: { cpu: 100 },
  occupants: [],
  ...more,
});

const pods = (count: number, more: Partial<PlacedPod>): readonly PlacedPod[] =>
  Array.from({ length: count }, (_, index) => pod(`web-${index}`, more));

const rule = (kind: "podAffinity" | "podAntiAffinity", term: object): Partial<PlacedPod> => ({
  affinity: { [kind]: { requiredDuringSchedulingIgnoredDuringExecution: [term] } },
});
const apart = (topologyKey: string, more: object = {}): Partial<PlacedPod> =>
  rule("podAntiAffinity", { topologyKey, labelSelector: WEB, ...more });
const near = (topologyKey: string, app: string): Partial<PlacedPod> =>
  rule("podAffinity", { topologyKey, labelSelector: { matchLabels: { app } } });
const spread = (topologyKey: string, more: object = {}): Partial<PlacedPod> => ({
  topologySpread: [
    { topologyKey, maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", labelSelector: WEB, ...more },
  ],
});

const green = [node("g1", "z1"), node("g2", "z2")];
const web = pod("stays");

describe("being apart", () => {
  it("counts whole zones, and pods on nodes that take none", () => {
    expect(proveCapacity({ pods: pods(2, apart(ZONE)), nodes: green }).verdict).toBe("FITS");
    const closed = node("closed", "z1", { occupants: [web] });
    const proof = proveCapacity({ pods: pods(2, apart(ZONE)), nodes: green, bystanders: [closed] });
    expect(proof).toMatchObject({ verdict: "UNPROVEN", homeless: ["shop/web-1"] });
  });

  it("knows nothing of other namespaces unless they are named", () => {
    const nodes = [node("g", "z", { occupants: [pod("other", { namespace: "bank" })] })];
    const ask = (more: object): string =>
      proveCapacity({ pods: [pod("a", apart(HOST, more))], nodes }).verdict;
    expect(ask({})).toBe("FITS");
    expect(ask({ namespaces: ["bank"] })).toBe("IMPOSSIBLE");
    expect(ask({ namespaceSelector: {} })).toBe("IMPOSSIBLE");
  });

  it("narrows by the pod's own label values", () => {
    const old = pod("old", { labels: { app: "web", version: "1" } });
    const nodes = [node("g", "z", { occupants: [old] })];
    const next = { labels: { app: "web", version: "2" } };
    const ask = (keys: object): string =>
      proveCapacity({ pods: [pod("new", { ...apart(HOST, keys), ...next })], nodes }).verdict;
    expect(ask({ matchLabelKeys: ["version"] })).toBe("FITS");
    expect(ask({ mismatchLabelKeys: ["version"] })).toBe("IMPOSSIBLE");
  });
});

describe("being near", () => {
  it("finds the zone of its company, whoever comes first", () => {
    const others = [
      ...pods(1, near(ZONE, "db")),
      pod("db", { labels: { app: "db" }, requests: { cpu: 0.5 } }),
    ];
    expect(proveCapacity({ pods: others, nodes: green }).verdict).toBe("FITS");
    const alone = proveCapacity({ pods: pods(1, near(ZONE, "db")), nodes: green });
    expect(alone).toMatchObject({ verdict: "UNPROVEN", homeless: ["shop/web-0"] });
  });

  it("lets the first of its own kind in, but not while its kind is still on nodes that are left", () => {
    expect(proveCapacity({ pods: pods(3, near(HOST, "web")), nodes: green }).verdict).toBe("FITS");
    const leaving = [node("b1", "z1", { occupants: [web] })];
    expect(proveCapacity({ pods: pods(3, near(HOST, "web")), nodes: green, leaving }).verdict).toBe(
      "UNPROVEN",
    );
    expect(proveCapacity({ pods: pods(3, near(ZONE, "web")), nodes: green, leaving }).verdict).toBe("FITS");
  });
});

describe("topology spread", () => {
  it("keeps the skew against what stands already", () => {
    const full = [node("g1", "z1", { occupants: [web] }), node("g2", "z2", { allocatable: { cpu: 2 } })];
    expect(proveCapacity({ pods: pods(4, spread(ZONE)), nodes: full }).verdict).toBe("FITS");
    expect(proveCapacity({ pods: pods(5, spread(ZONE)), nodes: full }).verdict).toBe("UNPROVEN");
  });

  it("#104 is a trap where emptied nodes are domains of their own", () => {
    const leaving = [node("b1", "z3")];
    const proof = proveCapacity({ pods: pods(3, spread(ZONE)), nodes: green, leaving });
    expect(proof).toMatchObject({ verdict: "UNPROVEN", homeless: ["shop/web-2"], trapped: ["shop/web-2"] });
    expect(proof.reasons).toEqual([
      "no placement found for shop/web-2",
      "nodes that are being emptied still count in the topology spread of shop/web-2",
    ]);
    const shared = [node("b1", "z1")];
    expect(proveCapacity({ pods: pods(3, spread(ZONE)), nodes: green, leaving: shared }).verdict).toBe(
      "FITS",
    );
  });

  it.each([
    ["taints are honoured", { nodeTaintsPolicy: "Honor" }, {}],
    ["the skew is wide enough", { maxSkew: 2 }, {}],
    ["the emptied node is not for these pods", {}, { nodeSelector: { pool: "green" } }],
    ["it is only a wish", { whenUnsatisfiable: "ScheduleAnyway" }, {}],
  ])("is none where %s", (_title, constraint, more) => {
    const taints = [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }];
    const nodes = green.map(place => ({ ...place, labels: { ...place.labels, pool: "green" } }));
    const question = { nodes, leaving: [node("b1", "z3", { taints })] };
    const given = pods(4, { ...spread(ZONE, constraint), ...more });
    expect(proveCapacity({ pods: given, ...question }).verdict).toBe("FITS");
    expect(proveCapacity({ pods: pods(4, spread(ZONE)), ...question }).verdict).toBe("UNPROVEN");
  });

  it("wants as many domains as it says", () => {
    expect(proveCapacity({ pods: pods(3, spread(ZONE, { minDomains: 3 })), nodes: green }).verdict).toBe(
      "UNPROVEN",
    );
  });

  it("names nodes without its label", () => {
    const bare = [node("g", "z", { labels: { [HOST]: "g" } })];
    expect(proveCapacity({ pods: pods(1, spread(ZONE)), nodes: bare }).reasons).toEqual([
      `shop/web-0 fit no node: no label ${ZONE} on 1`,
    ]);
  });
});

describe("volumes", () => {
  const inZone = (zone: string) => [{ matchExpressions: [{ key: ZONE, operator: "In", values: [zone] }] }];
  const with1 = (zone: string): Partial<PlacedPod> => ({
    claims: ["data"],
    volumes: [{ claim: "data", terms: inZone(zone) }],
  });

  it("must be within reach", () => {
    expect(proveCapacity({ pods: pods(2, with1("z1")), nodes: green }).verdict).toBe("FITS");
    expect(proveCapacity({ pods: pods(1, with1("z9")), nodes: green }).reasons).toEqual([
      "shop/web-0 fit no node: volume out of reach on 2",
    ]);
  });

  it("count as attachments where a node can hold only so many", () => {
    const slots = (count: number) => [node("g", "z", { allocatable: { cpu: 9, "attachments of d": count } })];
    const given = pods(3, { requests: { cpu: 1, "attachments of d": 1 } });
    expect(proveCapacity({ pods: given, nodes: slots(3) }).verdict).toBe("FITS");
    expect(proveCapacity({ pods: given, nodes: slots(2) }).verdict).toBe("IMPOSSIBLE");
    expect(proveCapacity({ pods: given, nodes: slots(Infinity) }).verdict).toBe("FITS");
  });
});

it("places first what has the fewest places", () => {
  const wide = node("any", "z1", { allocatable: { cpu: 2 } });
  const narrow = node("gpu", "z2", { allocatable: { cpu: 2, gpu: 1 } });
  const given = [
    ...pods(2, { requests: { cpu: 1 } }),
    pod("train", { requests: { cpu: 2, gpu: 1 }, nodeSelector: { [ZONE]: "z2" } }),
  ];
  expect(proveCapacity({ pods: given, nodes: [narrow, wide] }).verdict).toBe("FITS");
});

it("fills a room with host ports once", () => {
  const port = { port: 80, protocol: "TCP", ip: "0.0.0.0" };
  expect(proveCapacity({ pods: pods(2, { hostPorts: [port] }), nodes: green }).verdict).toBe("FITS");
  expect(proveCapacity({ pods: pods(3, { hostPorts: [port] }), nodes: green })).toMatchObject({
    verdict: "UNPROVEN",
    homeless: ["shop/web-2"],
  });
});
