import { projectQuota, projectQuotaUse } from "../../../kube";

it("reads a quota's numbers, and which pods it counts", () => {
  const quota = projectQuota({
    metadata: { name: "compute", namespace: "shop", uid: "q" },
    spec: {
      scopes: ["NotBestEffort"],
      scopeSelector: { matchExpressions: [{ scopeName: "PriorityClass", operator: "In", values: ["gold"] }] },
    },
    status: {
      hard: { "requests.cpu": "4", "limits.memory": "2Gi", pods: "10" },
      used: { "requests.cpu": "3800m", "limits.memory": "1Gi", pods: "7" },
    },
  });
  expect(quota).toMatchObject({
    namespace: "shop",
    name: "compute",
    hard: { "requests.cpu": 4, "limits.memory": 2 ** 31, pods: 10 },
    used: { "requests.cpu": 3.8, "limits.memory": 2 ** 30, pods: 7 },
    scopes: [
      { name: "NotBestEffort", operator: "Exists", values: [] },
      { name: "PriorityClass", operator: "In", values: ["gold"] },
    ],
  });
});

it("takes a quota that the controller has not looked at as one that limits nothing", () => {
  expect(projectQuota({ metadata: { name: "new" }, spec: {} })).toMatchObject({
    hard: {},
    used: {},
    scopes: [],
  });
});

it("says what a pod takes, sidecars and overhead included", () => {
  const pod = projectQuotaUse({
    metadata: { name: "web-0", namespace: "shop", uid: "u" },
    spec: {
      priorityClassName: "gold",
      overhead: { cpu: "100m" },
      initContainers: [
        { restartPolicy: "Always", resources: { requests: { cpu: "200m" }, limits: { memory: "1Ki" } } },
      ],
      containers: [
        { resources: { requests: { cpu: "500m", "nvidia.com/gpu": 1 }, limits: { memory: "2Ki" } } },
      ],
    },
  });
  expect(pod).toMatchObject({ uid: "u", bestEffort: false, priorityClass: "gold", hasAffinity: false });
  expect(pod.takes).toMatchObject({
    ...{ pods: 1, "count/pods": 1, cpu: 0.8, "requests.cpu": 0.8, "requests.nvidia.com/gpu": 1 },
    "limits.memory": 3 * 2 ** 10,
  });
});

it("knows a pod that asks for nothing", () => {
  expect(projectQuotaUse({ spec: { containers: [{}] } }).bestEffort).toBe(true);
});
