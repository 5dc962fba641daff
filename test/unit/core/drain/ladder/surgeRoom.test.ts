import type { CapacityNode } from "../../../../../core/drain/capacity";
import { type QuotaFact, quotaRoom, type QuotaUse } from "../../../../../core/drain/ladder/quota";
import { countFitting, type RoomQuestion } from "../../../../../core/drain/ladder/surgeRoom";
import type { PlacedPod } from "../../../../../core/drain/placement";

const placed = (name: string, more: Partial<PlacedPod> = {}): PlacedPod => ({
  namespace: "shop",
  name,
  labels: { app: "web" },
  tolerations: [],
  nodeSelector: {},
  affinity: undefined,
  topologySpread: [],
  hostPorts: [],
  schedulerName: "default-scheduler",
  devices: false,
  requests: { cpu: 500, pods: 1 },
  claims: [],
  volumes: [],
  ...more,
});

const green = (name: string, cpu: number, occupants: readonly PlacedPod[] = []): CapacityNode => ({
  name,
  labels: { "kubernetes.io/hostname": name },
  taints: [],
  allocatable: { cpu, pods: 110 },
  occupants,
});

const ask = (more: Partial<RoomQuestion> = {}): number =>
  countFitting({ like: placed("web"), wanted: 10, waiting: [], nodes: [green("g-0", 2_000)], ...more });

describe("room for more pods", () => {
  it.each<[string, Partial<RoomQuestion>, number]>([
    ["all that are wanted", { wanted: 3 }, 3],
    ["as many as one node takes", {}, 4],
    [
      "as many as two nodes take, nothing across their border",
      { nodes: [green("a", 700), green("b", 900)] },
      2,
    ],
    ["what its pods leave free", { nodes: [green("g-0", 2_000, [placed("old")])] }, 3],
    ["what pods that look for a place already leave", { waiting: [placed("w-1"), placed("w-2")] }, 2],
    ["none without nodes", { nodes: [] }, 0],
    ["none on nodes that it must not share", { like: placed("web", { nodeSelector: { disk: "ssd" } }) }, 0],
    [
      "one a node with a host port",
      { like: placed("web", { hostPorts: [{ port: 80, protocol: "TCP", ip: "0.0.0.0" }] }) },
      1,
    ],
    [
      "what was found for pods of another scheduler too",
      { like: placed("web", { schedulerName: "mine" }) },
      4,
    ],
  ])("%s", (_, question, expected) => expect(ask(question)).toBe(expected));
});

const use = (more: Partial<QuotaUse> = {}): QuotaUse => ({
  takes: { pods: 1, cpu: 0.1, "requests.cpu": 0.1, "limits.memory": 1_000 },
  bestEffort: false,
  hasAffinity: false,
  ...more,
});

const quota = (more: Partial<QuotaFact> = {}): QuotaFact => ({
  namespace: "shop",
  name: "compute",
  hard: { "requests.cpu": 1 },
  used: { "requests.cpu": 0.7 },
  scopes: [],
  ...more,
});

const scope = (name: string, operator = "Exists", ...values: string[]): Partial<QuotaFact> => ({
  scopes: [{ name, operator, values }],
});

describe("room in quotas", () => {
  it.each<[string, Partial<QuotaFact> & { readonly mine?: Partial<QuotaUse> }, number]>([
    ["what is left of a resource, not lost to binary fractions", {}, 3],
    ["none when all is used", { used: { "requests.cpu": 1 } }, 0],
    ["none when more is used than allowed", { used: { "requests.cpu": 2 } }, 0],
    ["the least of its resources", { hard: { pods: 5, "requests.cpu": 1 }, used: { pods: 4 } }, 1],
    ["any, of what the pod does not take", { hard: { "requests.nvidia.com/gpu": 0, services: 0 } }, Infinity],
    ["any, where it counts pods with a deadline", scope("Terminating"), Infinity],
    ["what is left, where it counts pods without", scope("NotTerminating"), 3],
    ["any, where it counts pods that ask for nothing", scope("BestEffort"), Infinity],
    ["what is left, where it counts those that do", scope("NotBestEffort"), 3],
    [
      "what is left, for its class",
      { ...scope("PriorityClass", "In", "gold"), mine: { priorityClass: "gold" } },
      3,
    ],
    [
      "any, for another class",
      { ...scope("PriorityClass", "In", "gold"), mine: { priorityClass: "tin" } },
      Infinity,
    ],
    ["what is left, for none of the classes", scope("PriorityClass", "NotIn", "gold"), 3],
    [
      "any, where it counts pods without a class",
      { ...scope("PriorityClass", "DoesNotExist"), mine: { priorityClass: "tin" } },
      Infinity,
    ],
    ["any, where it counts affinity and there is none", scope("CrossNamespacePodAffinity"), Infinity],
    ["what is left, where nobody knows what it counts", scope("NewInKubernetes"), 3],
  ])("%s", (_, { mine, ...more }, expected) =>
    expect(quotaRoom([quota(more)], use(mine), 0).pods).toBe(expected),
  );

  it("is the least of all quotas, minus what is about to come, with name, numbers and a way out", () => {
    const quotas = [quota(), quota({ name: "count", hard: { pods: 3 }, used: { pods: 1 } })];
    expect(quotaRoom(quotas, use(), 2)).toEqual({
      pods: 0,
      code: "QUOTA_EXHAUSTED",
      why: "ResourceQuota shop/count allows pods 3 and 1 are used (one more pod takes 1): raise it, or delete what is not needed",
    });
  });
});
