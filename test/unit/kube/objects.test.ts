import fc from "fast-check";
import { projectBudget, projectNode, projectPod, projectWorkload } from "../../../kube/objects";
import { sumRequests } from "../../../kube/podRequests";
import { parseQuantity, readResources } from "../../../kube/quantity";

describe("parseQuantity", () => {
  it.each([
    ["0", 0],
    ["250m", 0.25],
    ["1.5", 1.5],
    [2, 2],
    ["1Ki", 1024],
    ["1.5Gi", 1.5 * 2 ** 30],
    ["3k", 3000],
    ["2e3", 2000],
    ["1E", 1e18],
    ["5u", 5e-6],
    ["-1", -1],
  ])("reads %p as %p", (text, value) => {
    expect(parseQuantity(text)).toBeCloseTo(value, 9);
  });

  it.each(["", "m", "1.2.3", "1 Gi", "1gi", "abc", "1e"])("refuses %p", text => {
    expect(parseQuantity(text)).toBeUndefined();
  });

  it("never loses part of a millicore or a byte: what is asked for must fit", () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), micro => {
        const { cpuMillis } = readResources({ cpu: `${String(micro)}u` });
        expect(cpuMillis).toBe(Math.ceil(micro / 1000));
      }),
    );
  });
});

describe("sumRequests", () => {
  const asks = (cpu: string, more: object = {}) => ({ resources: { requests: { cpu } }, ...more });

  it("adds containers, devices too", () => {
    const containers = [asks("100m"), { resources: { requests: { cpu: "1", "nvidia.com/gpu": "2" } } }];
    expect(sumRequests({ containers })).toEqual({
      cpuMillis: 1100,
      memoryBytes: 0,
      other: { "nvidia.com/gpu": 2 },
    });
  });

  it("takes an init container's peak when it is higher", () => {
    expect(sumRequests({ containers: [asks("1")], initContainers: [asks("3"), asks("2")] }).cpuMillis).toBe(
      3000,
    );
  });

  it("runs a sidecar beside what starts after it, and beside the containers", () => {
    const sidecar = asks("1", { restartPolicy: "Always" });
    expect(sumRequests({ containers: [asks("1")], initContainers: [sidecar, asks("3")] }).cpuMillis).toBe(
      4000,
    );
    expect(sumRequests({ containers: [asks("5")], initContainers: [asks("3"), sidecar] }).cpuMillis).toBe(
      6000,
    );
  });

  it("lets requests of the whole pod stand instead, and adds the overhead", () => {
    const resources = { requests: { cpu: "2" } };
    const spec = { containers: [asks("5")], resources, overhead: { cpu: "250m", memory: "1Mi" } };
    expect(sumRequests(spec)).toMatchObject({ cpuMillis: 2250, memoryBytes: 2 ** 20 });
  });
});

describe("projectPod", () => {
  const pod = {
    metadata: {
      uid: "u",
      name: "web-0",
      namespace: "shop",
      resourceVersion: "7",
      labels: { app: "web" },
      annotations: { "kubernetes.io/config.mirror": "x" },
      ownerReferences: [
        { kind: "Other", name: "o", uid: "1", apiVersion: "v1" },
        { kind: "StatefulSet", name: "web", uid: "2", apiVersion: "apps/v1", controller: true },
      ],
      deletionTimestamp: "2026-01-01T00:00:30Z",
      deletionGracePeriodSeconds: 30,
    },
    spec: {
      nodeName: "n1",
      terminationGracePeriodSeconds: 5,
      priorityClassName: "high",
      priority: 9,
      volumes: [
        { name: "tmp", emptyDir: {} },
        { name: "ram", emptyDir: { medium: "Memory" } },
        { name: "logs", hostPath: { path: "/var/log" } },
        { name: "data", persistentVolumeClaim: { claimName: "data-web-0" } },
        { name: "scratch", ephemeral: { volumeClaimTemplate: {} } },
      ],
      containers: [{ ports: [{ hostPort: 80 }, { containerPort: 1 }], lifecycle: { preStop: {} } }],
    },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" }],
    },
  };

  it("keeps what a drain decides by", () => {
    expect(projectPod(pod)).toMatchObject({
      uid: "u",
      namespace: "shop",
      node: "n1",
      phase: "Running",
      ready: true,
      graceSeconds: 5,
      deletionGracePeriodSeconds: 30,
      owner: { kind: "StatefulSet", name: "web", uid: "2", apiVersion: "apps/v1" },
      priorityClassName: "high",
      mirror: true,
      hasPreStop: true,
      hostPorts: [{ port: 80, protocol: "TCP", ip: "0.0.0.0" }],
      volumes: {
        emptyDir: true,
        emptyDirMemory: true,
        hostPath: true,
        claims: ["data-web-0", "web-0-scratch"],
      },
    });
  });

  it("reads an empty pod as one that is nowhere, not ready and owned by nobody", () => {
    expect(projectPod({})).toMatchObject({
      node: undefined,
      phase: "Unknown",
      ready: false,
      graceSeconds: 30,
      owner: undefined,
      mirror: false,
      volumes: { emptyDir: false, emptyDirMemory: false, hostPath: false, claims: [] },
    });
  });

  it("says why no node fits", () => {
    const conditions = [
      { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/3 nodes" },
    ];
    expect(projectPod({ status: { conditions } }).unschedulable).toBe("0/3 nodes");
  });
});

it("reads a node with its taints whole", () => {
  const taint = { key: "a", effect: "NoExecute", timeAdded: "2026-01-01T00:00:00Z" };
  const node = projectNode({
    metadata: { name: "n1", labels: { "topology.kubernetes.io/zone": "z1" } },
    spec: { unschedulable: true, taints: [taint] },
    status: {
      conditions: [{ type: "Ready", status: "Unknown" }],
      allocatable: { cpu: "3920m", memory: "1Gi", pods: "110" },
      nodeInfo: { kubeletVersion: "v1.36.4" },
    },
  });
  expect(node).toMatchObject({
    unschedulable: true,
    taints: [taint],
    ready: false,
    zone: "z1",
    kubeletVersion: "v1.36.4",
    allocatable: { cpuMillis: 3920, memoryBytes: 2 ** 30, other: { pods: 110 } },
  });
});

it("reads a budget nobody has counted yet as one that allows nothing", () => {
  expect(
    projectBudget({ metadata: { name: "b", generation: 1 }, spec: { maxUnavailable: 1 } }),
  ).toMatchObject({
    generation: 1,
    observedGeneration: 0,
    disruptionsAllowed: 0,
    maxUnavailable: 1,
    unhealthyPodEvictionPolicy: "IfHealthyBudget",
    disruptedPods: {},
    selector: undefined,
  });
});

describe("projectWorkload", () => {
  it("wants one pod when a Deployment says nothing, and none when it says 0", () => {
    const desired = (spec: object): number => projectWorkload("Deployment")({ spec }).desired;
    expect([desired({}), desired({ replicas: 0 })]).toEqual([1, 0]);
  });

  it("wants of a Job what is left to do at a time", () => {
    const desired = (spec: object, succeeded = 0): number =>
      projectWorkload("Job")({ spec, status: { succeeded } }).desired;
    expect([
      desired({ parallelism: 3, completions: 5 }),
      desired({ parallelism: 3, completions: 5 }, 4),
      desired({ suspend: true }),
      desired({}),
    ]).toEqual([3, 1, 0, 1]);
  });

  it("counts a DaemonSet by its nodes", () => {
    const status = { desiredNumberScheduled: 4, numberReady: 3, numberAvailable: 2 };
    expect(projectWorkload("DaemonSet")({ status })).toMatchObject({ desired: 4, ready: 3, available: 2 });
  });

  it("reads the bare selector of a ReplicationController", () => {
    const spec = { selector: { app: "x" } };
    expect(projectWorkload("ReplicationController")({ spec }).selector).toEqual({
      matchLabels: { app: "x" },
    });
  });

  it("names who wrote to it", () => {
    const managedFields = [{ manager: "kubectl" }, { manager: "argocd" }, { manager: "kubectl" }];
    expect(projectWorkload("Deployment")({ metadata: { managedFields } }).managers).toEqual([
      "argocd",
      "kubectl",
    ]);
  });
});
