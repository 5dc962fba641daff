import { collectionPath, evictPod, KINDS, objectPath } from "../../../kube";
import { proveCapacity } from "../../../operations/drain/capacity";
import { drainNodes, type DrainOutcome, type DrainRequest } from "../../../operations/drain/drainNodes";
import { fenceNodes, openFence } from "../../../operations/drain/fence";
import { SIMULATE } from "../../../lab/simulator/annotations";
import {
  type Arena,
  bindPod,
  closeArena,
  createBudget,
  createNode,
  createWorkload,
  nodeState,
  openArena,
  openGreen,
  podsOf,
  startMonitor,
  until,
  untilCounted,
  untilReady,
} from "./arena";
import { useLab } from "./ownLab";

const LAB = "drain";
const lab = useLab(LAB);
let arena: Arena;
const lines: string[] = [];
let runs = 0;

beforeEach(() => {
  lines.length = 0;
});

afterEach(async () => {
  await closeArena(arena);
});

const drain = (
  request: Partial<DrainRequest> = {},
  signal = new AbortController().signal,
): Promise<DrainOutcome> =>
  drainNodes(
    { kube: lab.kube, now: Date.now, log: line => lines.push(line) },
    { run: `test-${process.pid}-${runs++}`, nodes: arena.blue, deadlineSeconds: 120, ...request },
    signal,
  );

const close = (cordon = true): Promise<unknown> => fenceNodes(lab.kube, arena.blue, { run: "test", cordon });

const reasonsOf = (outcome: DrainOutcome): string =>
  outcome.kind === "drained" ? "" : outcome.reasons.join("; ");

const colors = async (): Promise<Record<string, number>> => {
  const count: Record<string, number> = {};
  for (const { node } of await podsOf(arena)) {
    const color = node?.split("-").at(-2) ?? "none";
    count[color] = (count[color] ?? 0) + 1;
  }
  return count;
};

describe("a drain on a real API server", () => {
  it("moves tight, loose and absent budgets off six nodes, each pod once, never below a floor", async () => {
    arena = await openArena(lab.kube, "six", 6);
    await createWorkload(arena, { name: "tight", replicas: 6, budget: { maxUnavailable: 1 } });
    await createWorkload(arena, { name: "loose", replicas: 6, budget: { minAvailable: 3 } });
    await createWorkload(arena, { name: "none", replicas: 8 });
    await untilReady(arena, 20);
    await untilCounted(arena, 2);
    const proof = await proveCapacity(lab.kube, { leaving: arena.blue });
    expect(proof).toMatchObject({
      verdict: "IMPOSSIBLE",
      reasons: [expect.stringContaining("and 17 more fit no node"), expect.any(String), expect.any(String)],
    });
    arena = await openGreen(arena, 3);
    expect(await proveCapacity(lab.kube, { leaving: arena.blue })).toEqual({ verdict: "FITS", reasons: [] });
    await close();
    const monitor = await startMonitor(arena);
    const outcome = await drain();
    monitor.stop();
    expect(outcome).toMatchObject({
      kind: "drained",
      moved: 20,
      remaining: 0,
      nodes: { empty: 6, total: 6 },
    });
    expect(await colors()).toEqual({ green: 20 });
    expect(["tight", "loose", "none"].map(monitor.births)).toEqual([12, 12, 16]);
    expect(monitor.lowest("tight")).toBeGreaterThanOrEqual(5);
    expect(monitor.lowest("loose")).toBeGreaterThanOrEqual(3);
    expect(monitor.lowest("none")).toBeGreaterThanOrEqual(6);
  });

  it("moves a StatefulSet one by one, a singleton with a word of warning, and leaves DaemonSets alone", async () => {
    arena = await openArena(lab.kube, "kinds", 3);
    await createWorkload(arena, {
      name: "store",
      kind: "StatefulSet",
      replicas: 3,
      budget: { minAvailable: 2 },
    });
    await createWorkload(arena, { name: "single" });
    await createWorkload(arena, { name: "agent", kind: "DaemonSet" });
    await untilReady(arena, 7);
    await untilCounted(arena, 1);
    arena = await openGreen(arena, 2);
    await close();
    const monitor = await startMonitor(arena);
    const outcome = await drain();
    monitor.stop();
    expect(outcome).toMatchObject({ kind: "drained", moved: 4 });
    expect(monitor.lowest("store")).toBeGreaterThanOrEqual(2);
    expect(
      (await podsOf(arena)).filter(pod => pod.node?.includes("blue") === true).map(pod => pod.labels["app"]),
    ).toEqual(["agent", "agent", "agent"]);
    expect(lines).toContainEqual(
      "Deployment kinds/single (no PDB) has a single pod: it is down while it moves",
    );
  });

  it("names every blocker within seconds, moves the rest, and openFence leaves blue exactly as it was", async () => {
    arena = await openArena(lab.kube, "blocked", 2);
    const [first = "", second = ""] = arena.blue;
    await createWorkload(arena, { name: "frozen", replicas: 2, budget: { maxUnavailable: 0 } });
    await createWorkload(arena, { name: "double", replicas: 2, budget: { maxUnavailable: 1 } });
    await createBudget(arena, "other", { maxUnavailable: 1 }, "double");
    await createWorkload(arena, { name: "free", replicas: 2 });
    await bindPod(arena, { name: "orphan", node: first });
    await untilReady(arena, 7);
    // The controller counts a pod for one of its budgets only, so one of three is never counted.
    await untilCounted(arena, 2);
    await lab.kube.request({
      method: "PATCH",
      path: `/api/v1/nodes/${second}`,
      body: { spec: { unschedulable: true } },
    });
    const before = await Promise.all(arena.blue.map(node => nodeState(lab.kube, node)));
    arena = await openGreen(arena, 1);
    await close();
    const outcome = await drain();
    expect(outcome).toMatchObject({ kind: "blocked", moved: 2, remaining: 5 });
    expect(outcome.seconds).toBeLessThan(30);
    const reasons = outcome.kind === "blocked" ? outcome.blocked : [];
    expect(reasons.map(({ code, pods, budget }) => ({ code, pods: pods.length, budget }))).toEqual([
      { code: "BLOCKED_BY_SPEC", pods: 2, budget: "PDB blocked/frozen" },
      { code: "MULTIPLE_PDBS", pods: 2, budget: undefined },
      { code: "NOT_REPLICATED", pods: 1, budget: undefined },
    ]);
    expect(reasons[0]).toMatchObject({ needs: 2, has: 2 });
    await openFence(lab.kube, arena.blue);
    expect(await Promise.all(arena.blue.map(node => nodeState(lab.kube, node)))).toEqual(before);
  });

  it("understands the server's answer to the eviction of a pod with several budgets", async () => {
    arena = await openArena(lab.kube, "twice", 1);
    await createWorkload(arena, { name: "web", replicas: 2, budget: { maxUnavailable: 1 } });
    await createBudget(arena, "second", { maxUnavailable: 1 }, "web");
    const [pod] = await untilReady(arena, 2);
    const answer = await evictPod(lab.kube, {
      namespace: "twice",
      name: pod?.name ?? "",
      uid: pod?.uid ?? "",
    });
    expect(answer).toEqual({ kind: "manyBudgets" });
  });

  it("empties only its share of the nodes, and the same ones when asked again", async () => {
    arena = await openArena(lab.kube, "share", 4);
    await createWorkload(arena, { name: "web", replicas: 12, budget: { maxUnavailable: 4 } });
    await untilReady(arena, 12);
    await untilCounted(arena, 1);
    arena = await openGreen(arena, 2);
    await close();
    const outcome = await drain({ percent: 50 });
    expect(outcome).toMatchObject({ kind: "drained", nodes: { empty: 2, total: 2 } });
    const before = await colors();
    expect(await drain({ percent: 50 })).toMatchObject({ kind: "drained", moved: 0 });
    expect(await colors()).toEqual(before);
  });

  it("picks up a pod that lands on blue late, and fences a node that joins late", async () => {
    arena = await openArena(lab.kube, "late", 2);
    await createWorkload(arena, { name: "slow", replicas: 4, budget: { maxUnavailable: 1 } });
    await untilReady(arena, 4);
    await untilCounted(arena, 1);
    arena = await openGreen(arena, 1);
    await close();
    const blue = { labels: { matchLabels: { arena: arena.name, color: "blue" } } };
    const running = drain({ nodes: blue, cordon: true, rules: { force: true } });
    await until("the first move", () => lines.find(line => /moved [1-3]\//.test(line)));
    await createNode(arena, "late-blue-9", "blue");
    await bindPod(arena, { name: "straggler", node: "late-blue-0" });
    expect(await running).toMatchObject({ kind: "drained", remaining: 0, nodes: { total: 3 } });
    expect((await podsOf(arena)).map(pod => pod.name)).not.toContain("straggler");
    expect(await nodeState(lab.kube, "late-blue-9")).toMatchObject({
      unschedulable: true,
      taints: [{ key: "changeover.dev/leaving" }],
    });
  });

  it("#63 ends as stopped on the signal, with nothing evicted after it, and goes on when run again", async () => {
    arena = await openArena(lab.kube, "signal", 2);
    await createWorkload(arena, { name: "web", replicas: 6, budget: { maxUnavailable: 1 } });
    await untilReady(arena, 6);
    await untilCounted(arena, 1);
    arena = await openGreen(arena, 1);
    await close();
    const stop = new AbortController();
    const running = drain({}, stop.signal);
    await until("the first move", () => lines.find(line => /moved [1-4]\//.test(line)));
    stop.abort();
    const outcome = await running;
    expect(outcome).toMatchObject({ kind: "stopped", reasons: ["it was cancelled"] });
    expect((await podsOf(arena)).filter(pod => pod.deletionTimestamp !== undefined)).toEqual([]);
    expect(await drain()).toMatchObject({ kind: "drained", remaining: 0, moved: outcome.remaining });
  });

  it("ends as stopped by the stop switch, and says who stopped it", async () => {
    arena = await openArena(lab.kube, "switch", 1);
    await createWorkload(arena, { name: "web", replicas: 2, annotations: { [SIMULATE.readyDelay]: "1s" } });
    await untilReady(arena, 2);
    arena = await openGreen(arena, 1);
    await close();
    const path = "/api/v1/namespaces/changeover-system/configmaps";
    await lab.kube.request({
      method: "POST",
      path,
      body: { metadata: { name: "changeover-control" }, data: { stop: "payday" } },
    });
    const outcome = await drain();
    await lab.kube.request({ method: "DELETE", path: `${path}/changeover-control` });
    expect(outcome).toMatchObject({ kind: "stopped", moved: 0 });
    expect(reasonsOf(outcome)).toMatch(/^stop switch is closed: payday/);
  });

  it("pauses at its own deadline", async () => {
    arena = await openArena(lab.kube, "deadline", 1);
    await createWorkload(arena, { name: "web", replicas: 8, budget: { maxUnavailable: 1 } });
    await untilReady(arena, 8);
    await untilCounted(arena, 1);
    arena = await openGreen(arena, 1);
    await close();
    const outcome = await drain({ deadlineSeconds: 8 });
    expect(outcome.kind).toBe("paused");
    expect(outcome.moved).toBeGreaterThan(0);
    expect(outcome.remaining).toBeGreaterThan(0);
  });
});

describe("a rollout restart in a namespace with a quota", () => {
  const quotaOf = (pods: number): object => ({ metadata: { name: "count" }, spec: { hard: { pods } } });

  /** Its controller has counted the pods that are there. */
  const untilUsed = (pods: string): Promise<true> =>
    until("a counted quota", async () => {
      const { status } = await lab.kube.request<{ status?: { used?: { pods?: string } } }>({
        method: "GET",
        path: objectPath(KINDS.quotas, { namespace: arena.name, name: "count" }),
      });
      return status?.used?.pods === pods || undefined;
    });

  it("is not begun without room in it, which is named; with room for one pod it empties the nodes", async () => {
    arena = await openArena(lab.kube, "quota", 1);
    const budget = { maxUnavailable: 0 };
    await createWorkload(arena, { name: "web", replicas: 3, budget });
    await untilReady(arena, 3);
    await untilCounted(arena, 1);
    const path = collectionPath(KINDS.quotas, arena.name);
    await lab.kube.request({ method: "POST", path, body: quotaOf(3) });
    await untilUsed("3");
    arena = await openGreen(arena, 1);
    await close();
    const monitor = await startMonitor(arena);
    const ladder = { rolloutRestart: [{ namespace: arena.name }] };
    expect(await drain({ ladder })).toMatchObject({ kind: "blocked", remaining: 3 });
    expect(lines).toContainEqual(
      expect.stringContaining("ResourceQuota quota/count allows pods 3 and 3 are used") as string,
    );
    expect(monitor.births("web")).toBe(3);
    const count = objectPath(KINDS.quotas, { namespace: arena.name, name: "count" });
    await lab.kube.request({ method: "PATCH", path: count, body: quotaOf(4) });
    expect(await drain({ ladder })).toMatchObject({ kind: "drained", moved: 0 });
    monitor.stop();
    expect(Object.keys(await colors())).toEqual(["green"]);
    // The rollout alone moves them: an eviction beside it would take one too many.
    expect(monitor.births("web")).toBe(6);
    expect(monitor.lowest("web")).toBe(3);
  });
});
