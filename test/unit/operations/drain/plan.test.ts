import { type KubeClient, KubeError } from "../../../../kube";
import { explainDrain, readPlan } from "../../../../operations/drain/plan";
import { proveCapacity } from "../../../../operations/drain/capacity";

type Objects = Readonly<Record<string, readonly object[]>>;

/** A cluster that only lists; paths in `closed` are forbidden. Keeps what was asked for. */
const listing = (objects: Objects, closed: readonly string[] = []) => {
  const asked: string[] = [];
  const kube = {
    server: "fake",
    request: ({ method, path }: { readonly method: string; readonly path: string }) => {
      asked.push(`${method} ${path}`);
      return closed.some(end => path.endsWith(end))
        ? Promise.reject(new KubeError({ kind: "forbidden", message: "no" }))
        : Promise.resolve({ items: objects[path] ?? [] });
    },
  } as unknown as KubeClient;
  return { kube, asked };
};

const node = (name: string, unschedulable: boolean, cpu = "4") => ({
  metadata: { uid: name, name, labels: { pool: name.replace(/-.*/, ""), "kubernetes.io/hostname": name } },
  spec: { unschedulable },
  status: { allocatable: { cpu, pods: "110" }, conditions: [{ type: "Ready", status: "True" }] },
});

const pod = (name: string, more: { readonly spec?: object; readonly annotations?: object } = {}) => ({
  metadata: {
    uid: name,
    name,
    namespace: "shop",
    labels: { app: "web" },
    annotations: more.annotations ?? {},
    creationTimestamp: "2026-01-01T00:00:00Z",
    ownerReferences: [
      { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-x", uid: "rs", controller: true },
    ],
  },
  spec: {
    nodeName: "blue-0",
    containers: [
      { resources: { requests: { cpu: "1" } }, lifecycle: { preStop: { sleep: { seconds: 2 } } } },
    ],
    ...more.spec,
  },
  status: {
    phase: "Running",
    startTime: "2026-01-01T00:00:01Z",
    conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2026-01-01T00:00:06Z" }],
  },
});

const DEPLOYMENT = { uid: "d", name: "web", namespace: "shop" };
const objects: Objects = {
  "/api/v1/nodes": [node("blue-0", true), node("green-0", false)],
  "/api/v1/pods": [pod("web-1"), pod("web-2")],
  "/apis/apps/v1/deployments": [
    {
      metadata: { ...DEPLOYMENT, labels: { "kustomize.toolkit.fluxcd.io/name": "apps" } },
      spec: { replicas: 2 },
    },
  ],
  "/apis/apps/v1/replicasets": [
    {
      metadata: {
        uid: "rs",
        name: "web-x",
        namespace: "shop",
        ownerReferences: [
          { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "d", controller: true },
        ],
      },
      spec: { replicas: 2 },
    },
  ],
  "/apis/policy/v1/poddisruptionbudgets": [
    {
      metadata: { uid: "b", name: "web", namespace: "shop", generation: 1 },
      spec: { selector: { matchLabels: { app: "web" } }, minAvailable: 1 },
      status: {
        observedGeneration: 1,
        disruptionsAllowed: 1,
        currentHealthy: 2,
        desiredHealthy: 1,
        expectedPods: 2,
      },
    },
  ],
};

const request = { run: "r", nodes: { labels: { matchLabels: { pool: "blue" } } } };
const to = { labels: { matchLabels: { pool: "green" } } };

it("reads each kind once, writes nothing, and plans", async () => {
  const { kube, asked } = listing(objects);
  const plan = await readPlan(kube, request, { to, now: () => Date.parse("2026-01-01T01:00:00Z") });
  expect(plan).toMatchObject({
    nodes: ["blue-0"],
    pods: { total: 2, move: 2 },
    budgets: [{ code: "OK", budget: "PDB shop/web", needs: 1, has: 2, workloads: ["Deployment shop/web"] }],
    capacity: { verdict: "FITS", reasons: [] },
    bound: { seconds: 9.2, words: "PDB shop/web: 2 pods, 1 at a time, 6.2 s each, 6 s to start (as seen)" },
  });
  expect(plan.findings.map(({ code }) => code)).toEqual(["GITOPS_OWNED"]);
  expect([...asked].sort()).toEqual(
    [
      ...Object.keys(objects),
      "/api/v1/services",
      "/apis/apps/v1/daemonsets",
      "/apis/apps/v1/statefulsets",
      "/apis/batch/v1/jobs",
    ]
      .map(path => `GET ${path}`)
      .sort(),
  );
});

it("plans on without what it may not read, and says so", async () => {
  const { kube } = listing(objects, ["/services", "/daemonsets"]);
  const plan = await readPlan(kube, request);
  expect(plan.findings.find(({ code }) => code === "NOT_READ")?.subjects).toEqual(["daemonsets", "services"]);
});

it("does not plan without what it needs", async () => {
  const { kube } = listing(objects, ["/poddisruptionbudgets"]);
  await expect(readPlan(kube, request)).rejects.toMatchObject({ kind: "forbidden" });
});

describe("volumes", () => {
  const stored = { spec: { volumes: [{ name: "d", persistentVolumeClaim: { claimName: "data" } }] } };
  const volume = (spec: object) => ({
    metadata: { name: "pv" },
    spec: { claimRef: { namespace: "shop", name: "data" }, accessModes: ["ReadWriteOnce"], ...spec },
    status: { phase: "Bound" },
  });
  const withVolume = (spec: object, more: Objects = {}): Objects => ({
    ...objects,
    "/api/v1/pods": [pod("web-1", stored)],
    "/api/v1/persistentvolumes": [volume(spec)],
    ...more,
  });
  const csi = { csi: { driver: "ebs" } };

  it("are proven where they are known, and never claimed where they are not", async () => {
    expect((await readPlan(listing(withVolume(csi)).kube, request)).capacity.verdict).toBe("FITS");
    const closed = await readPlan(listing(withVolume(csi), ["/persistentvolumes"]).kube, request);
    expect(closed.capacity).toMatchObject({ verdict: "UNPROVEN" });
    expect(closed.findings.find(({ code }) => code === "NOT_READ")?.subjects).toEqual(["persistentvolumes"]);
  });

  it("must find a free attachment", async () => {
    const limits = (count: number): Objects => ({
      "/apis/storage.k8s.io/v1/csinodes": [
        { metadata: { name: "green-0" }, spec: { drivers: [{ name: "ebs", allocatable: { count } }] } },
      ],
    });
    const proven = async (count: number): Promise<string> =>
      (await proveCapacity(listing(withVolume(csi, limits(count))).kube, { leaving: ["blue-0"] })).verdict;
    expect(await proven(1)).toBe("FITS");
    expect(await proven(0)).toBe("IMPOSSIBLE");
  });

  it("on the node's own disk keep their pod", async () => {
    const { kube } = listing(withVolume({ local: { path: "/d" } }));
    expect((await readPlan(kube, request)).findings[0]).toMatchObject({
      severity: "fatal",
      code: "LOCAL_PV",
      subjects: ["shop/web-1"],
    });
  });
});

it("proves room for pods that ask to be left alone as well: they go down with their node", async () => {
  const asks = pod("web-1", { annotations: { "karpenter.sh/do-not-disrupt": "true" } });
  const { kube } = listing({
    ...objects,
    "/api/v1/nodes": [node("blue-0", true), node("green-0", false, "500m")],
    "/api/v1/pods": [asks],
  });
  expect((await proveCapacity(kube, { leaving: ["blue-0"] })).verdict).toBe("IMPOSSIBLE");
});

describe("machines that are still to come", () => {
  const generation = "workers-1-36-0a1b2c";
  const green = (cpu: string) => {
    const { metadata, ...rest } = node("green-0", false, cpu);
    return {
      ...rest,
      metadata: { ...metadata, labels: { ...metadata.labels, "changeover.dev/generation": generation } },
    };
  };
  const agent = () => {
    const made = pod("agent", {
      spec: { nodeName: "green-0", containers: [{ resources: { requests: { cpu: "500m" } } }] },
    });
    const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "ds", controller: true };
    return { ...made, metadata: { ...made.metadata, ownerReferences: [owner] } };
  };
  const verdict = async (cpu: string, coming?: number): Promise<string> => {
    const { kube } = listing({
      ...objects,
      "/api/v1/nodes": [node("blue-0", true), green(cpu)],
      "/api/v1/pods": [pod("web-1"), pod("web-2"), agent()],
    });
    const growth = coming === undefined ? {} : { growth: { [generation]: coming } };
    return (await proveCapacity(kube, { leaving: ["blue-0"], ...growth })).verdict;
  };

  it("count as room, each like one that is there", async () => {
    expect(await verdict("1500m")).toBe("IMPOSSIBLE");
    expect(await verdict("1500m", 1)).toBe("FITS");
  });

  it("carry what runs on every node", async () => {
    expect(await verdict("1", 5)).toBe("IMPOSSIBLE");
  });

  it("of a generation that has none yet are not guessed", async () => {
    const { kube } = listing({ ...objects, "/api/v1/nodes": [node("blue-0", true)] });
    const proof = await proveCapacity(kube, { leaving: ["blue-0"], growth: { [generation]: 3 } });
    expect(proof.verdict).toBe("IMPOSSIBLE");
  });
});

it("explains a pod by its name, or all pods of a node", async () => {
  const asks = pod("asks", { annotations: { "karpenter.sh/do-not-disrupt": "true" } });
  const { kube } = listing({ ...objects, "/api/v1/pods": [pod("web-1"), asks] });
  const told = await explainDrain(kube, request, "blue-0");
  expect(told.map(({ pod: name, verdict, budget }) => [name, verdict.kind, budget?.budget])).toEqual([
    ["shop/asks", "block", undefined],
    ["shop/web-1", "move", "PDB shop/web"],
  ]);
  expect((await explainDrain(kube, request, "web-1")).map(({ pod: name }) => name)).toEqual(["shop/web-1"]);
  expect((await explainDrain(kube, request, "shop/asks"))[0]?.opinions.find(one => one.decides)?.filter).toBe(
    "doNotDisrupt",
  );
  expect(await explainDrain(kube, request, "nobody")).toEqual([]);
});
