import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureControlPlane, stopControlPlane, type ControlPlaneState } from "../../../controlplane";
import {
  acquireLease,
  clusterUid,
  collectionPath,
  ensureNamespace,
  evictPod,
  KINDS,
  listNodes,
  openKube,
  patchNode,
  projectNode,
  projectPod,
  readConfigMap,
  readVersion,
  startReflector,
  updateConfigMap,
  writeConfigMap,
  type KubeClient,
  type PodView,
} from "../../../kube";

const NAMESPACE = "kube-test";
const folder = mkdtempSync(join(tmpdir(), "changeover-lab-kube-"));
const stop = new AbortController();
let plane: ControlPlaneState;
let kube: KubeClient;

beforeAll(async () => {
  const options = { progress: () => undefined, signal: stop.signal };
  plane = await ensureControlPlane(folder, { name: "kube-test", version: "1.36.4" }, options);
  kube = await openKube({ kubeconfig: plane.kubeconfig });
  await ensureNamespace(kube, NAMESPACE);
  await createServiceAccount();
});

afterAll(async () => {
  stop.abort();
  // Absent when the control plane did not come up.
  await (kube as KubeClient | undefined)?.close();
  await stopControlPlane(folder, { progress: () => undefined, signal: new AbortController().signal });
  rmSync(folder, { recursive: true, force: true });
});

/** The controller manager makes it too, a moment later; pods are refused before. */
const createServiceAccount = async (): Promise<void> => {
  const path = `/api/v1/namespaces/${NAMESPACE}/serviceaccounts`;
  const body = { metadata: { name: "default" } };
  await kube.request({ method: "POST", path, body }).catch((error: unknown) => {
    if ((error as { kind?: string }).kind !== "alreadyExists") throw error;
  });
};
const createNode = (name: string, labels: object = {}): Promise<unknown> =>
  kube.request({ method: "POST", path: "/api/v1/nodes", body: { metadata: { name, labels } } });
const podsPath = collectionPath(KINDS.pods, NAMESPACE);
const budgetsPath = collectionPath(KINDS.budgets, NAMESPACE);

const createPod = async (name: string, app: string): Promise<PodView> => {
  const spec = { nodeName: "away", containers: [{ name: "c", image: "none" }] };
  const body = { metadata: { name, labels: { app } }, spec };
  const pod = projectPod(await kube.request({ method: "POST", path: podsPath, body }));
  const status = { phase: "Running", conditions: [{ type: "Ready", status: "True" }] };
  await kube.request({ method: "PATCH", path: `${podsPath}/${name}/status`, body: { status } });
  return pod;
};
const createBudget = (name: string, app: string): Promise<unknown> =>
  kube.request({
    method: "POST",
    path: budgetsPath,
    body: { metadata: { name }, spec: { minAvailable: 1, selector: { matchLabels: { app } } } },
  });
const evict = ({ name, uid }: { name: string; uid: string }) =>
  evictPod(kube, { namespace: NAMESPACE, name, uid });
const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await holds())) await new Promise(resolve => setTimeout(resolve, 20));
};

it("names the cluster and its version", async () => {
  expect(await readVersion(kube)).toMatchObject({ binary: "1.36.4", gitVersion: "v1.36.4" });
  expect(await clusterUid(kube)).toBe(plane.uid);
});

it("loses no update when twelve write to one ConfigMap at a time", async () => {
  const ref = { namespace: NAMESPACE, name: "shared" };
  const names = Array.from({ length: 12 }, (_, i) => `writer-${String(i).padStart(2, "0")}`);
  await Promise.all(names.map(name => updateConfigMap(kube, ref, data => ({ ...data, [name]: "here" }))));
  expect(Object.keys((await readConfigMap(kube, ref))?.data ?? {}).sort()).toEqual(names);
});

it("refuses to write over a version that is not the newest", async () => {
  const ref = { namespace: NAMESPACE, name: "swapped" };
  const first = await writeConfigMap(kube, { ...ref, data: { a: "1", b: "1" }, resourceVersion: undefined });
  const second = await writeConfigMap(kube, {
    ...ref,
    data: { a: "2" },
    resourceVersion: first.resourceVersion,
  });
  expect(second.data).toEqual({ a: "2" });
  const late = writeConfigMap(kube, { ...ref, data: {}, resourceVersion: first.resourceVersion });
  await expect(late).rejects.toMatchObject({ kind: "conflict", status: 409 });
});

it("fences a node and gives it back as it was", async () => {
  await createNode("fenced", { part: "fence" });
  // The node controller writes taints of its own at its own pace.
  const spec = async (): Promise<unknown> => {
    const [node] = await listNodes(kube, { labels: { part: "fence" } });
    const own = node?.taints.filter(({ key }) => !key.startsWith("node.kubernetes.io/"));
    return { unschedulable: node?.unschedulable, taints: own };
  };
  const before = await spec();
  const taint = { key: "example.dev/leaving", effect: "PreferNoSchedule" };
  const close = () =>
    patchNode(kube, "fenced", node => ({ unschedulable: true, taints: [...node.taints, taint] }));
  expect(await close()).toBe("changed");
  expect((await listNodes(kube, { labels: { part: "fence" } }))[0]).toMatchObject({ unschedulable: true });
  const without = (node: { taints: readonly { key: string; effect: string }[] }) =>
    node.taints.filter(({ key }) => key !== taint.key);
  await patchNode(kube, "fenced", node => ({ unschedulable: false, taints: without(node) }));
  expect(await spec()).toEqual(before);
});

it("adds the taints of many writers to one node", async () => {
  await createNode("crowded");
  const keys = Array.from({ length: 8 }, (_, i) => `example.dev/t${String(i)}`);
  const add = (key: string) =>
    patchNode(kube, "crowded", node => ({ taints: [...node.taints, { key, effect: "NoSchedule" }] }));
  await Promise.all(keys.map(add));
  const found =
    (await listNodes(kube)).find(({ name }) => name === "crowded")?.taints.map(({ key }) => key) ?? [];
  expect(found.filter(key => key.startsWith("example.dev/")).sort()).toEqual(keys);
});

describe("evictPod tells", () => {
  it("an eviction, a pod that is gone and one that was replaced", async () => {
    const pod = await createPod("free", "free");
    expect((await evict({ name: "free", uid: "another" })).kind).toBe("gone");
    expect((await evict(pod)).kind).toBe("accepted");
    expect((await evict({ name: "never", uid: "x" })).kind).toBe("gone");
  });

  it("a budget that is full", async () => {
    await createBudget("one", "held");
    const pod = await createPod("held", "held");
    const seen: string[] = [];
    await until(async () => {
      seen.push((await evict(pod)).kind);
      return seen.at(-1) === "budgetFull";
    });
    expect(seen.filter(kind => kind !== "budgetBehind" && kind !== "budgetFull")).toEqual([]);
  });

  it("a pod with two budgets", async () => {
    await Promise.all([createBudget("left", "both"), createBudget("right", "both")]);
    expect((await evict(await createPod("both", "both"))).kind).toBe("manyBudgets");
  });

  it("what a dry run would do, without doing it", async () => {
    const { name, uid } = await createPod("dry", "dry");
    expect((await evictPod(kube, { namespace: NAMESPACE, name, uid, dryRun: true })).kind).toBe("accepted");
    const pod = projectPod(await kube.request({ method: "GET", path: `${podsPath}/dry` }));
    expect(pod.deletionTimestamp).toBeUndefined();
  });
});

it("hands a lease from one run to the next", async () => {
  const claim = { namespace: NAMESPACE, name: "baton", durationSeconds: 30 };
  const wait = { signal: stop.signal, deadlineMs: 0 };
  const one = await acquireLease(kube, { ...claim, holder: "one" }, wait);
  const two = await acquireLease(kube, { ...claim, holder: "two" }, wait);
  expect([one.kind, two.kind]).toEqual(["held", "busy"]);
  if (one.kind === "held") await one.keeper.release();
  const next = await acquireLease(kube, { ...claim, holder: "two" }, wait);
  expect(next).toMatchObject({ kind: "held", keeper: { transitions: 2 } });
  if (next.kind === "held") await next.keeper.release();
});

it("keeps a cache true while the API servers are killed and come back", async () => {
  const reflector = startReflector(kube, {
    path: collectionPath(KINDS.nodes),
    project: projectNode,
    signal: stop.signal,
    backoff: { minMs: 50, maxMs: 500 },
  });
  await reflector.synced;
  const heard: string[] = [];
  reflector.onChange(({ kind, object }) => heard.push(`${kind} ${object.name}`));
  await createNode("before");
  await until(() => heard.includes("set before"));

  for (const { role, pid } of plane.processes) {
    if (role.includes("apiserver") && pid !== undefined) process.kill(pid, "SIGKILL");
  }
  await until(() => reflector.problem() !== undefined);
  const options = { progress: () => undefined, signal: stop.signal };
  plane = await ensureControlPlane(folder, { name: "kube-test", version: "1.36.4" }, options);

  await kube.request({ method: "DELETE", path: "/api/v1/nodes/before" });
  await until(() => heard.includes("gone before"));
  expect([...reflector.snapshot().values()].map(({ name }) => name).sort()).toEqual(
    (await listNodes(kube)).map(({ name }) => name),
  );
});
