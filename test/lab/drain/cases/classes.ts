import { clusterObjectPath, collectionPath, KINDS, type KubeClient, objectPath } from "../../../../kube";
import { SIMULATE } from "../../../../lab/simulator/annotations";
import type { DrainOutcome } from "../../../../operations/drain/drainNodes";
import { type DrainPlan, explainDrain, readPlan } from "../../../../operations/drain/plan";
import { type Arena, openArena, openGreen, podsOf, until, untilReady } from "../arena";
import { blockedBy, drain } from "./benchDrain";
import {
  putBudget,
  putController,
  putPod,
  readPod,
  reportPod,
  untilBudget,
  untilGone,
  untilPod,
} from "./benchPods";
import { once, type Site, firstHalf, withoutControllers } from "./benchSites";
import { isEviction, tap } from "./benchTap";

const { both, alone } = firstHalf();

const KUBECTL = { force: false, deleteEmptyDirData: false };
const ALL = { force: true, deleteEmptyDirData: true };
const RUNS_LONG = { [SIMULATE.duration]: "10m" };
const SAFE_VOLUMES = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

const emptyDir = (...names: readonly string[]): object => ({
  volumes: names.map(name => ({ name, emptyDir: {} })),
});

const IN_MEMORY = { volumes: [{ name: "cache", emptyDir: { medium: "Memory" } }] };

/** Each with two local volumes, and with what its owner declares safe to lose. */
const DECLARED: Readonly<Record<string, string | undefined>> = {
  "safe-all": "tmp, cache",
  "safe-some": "cache",
  "safe-none": undefined,
  "safe-empty": "",
  "safe-wrong": "cache,temp",
};

const fillZoo = async (arena: Arena): Promise<void> => {
  const [node] = arena.blue;
  const once = { restartPolicy: "Never" };
  await Promise.all([
    putController(arena, { kind: "deployments", name: "replicated" }),
    putController(arena, { kind: "replicationControllers", name: "elderly" }),
    putController(arena, { kind: "jobs", name: "batch", annotations: RUNS_LONG, spec: once }),
    putController(arena, { kind: "deployments", name: "local", spec: emptyDir("cache") }),
    putController(arena, { kind: "deployments", name: "memory", spec: IN_MEMORY }),
    ...Object.entries(DECLARED).map(([name, value]) =>
      putController(arena, {
        ...{ kind: "deployments", name, spec: emptyDir("cache", "tmp") },
        annotations: value === undefined ? {} : { [SAFE_VOLUMES]: value },
      }),
    ),
    putPod(arena, { name: "naked", node }),
    putPod(arena, { name: "static", node, annotations: { "kubernetes.io/config.mirror": "1" } }),
    putPod(arena, {
      ...{ name: "ended", node, annotations: { [SIMULATE.duration]: "10ms" } },
      spec: { ...once, ...emptyDir("cache") },
    }),
    putPod(arena, {
      ...{ name: "messy", node, spec: emptyDir("cache") },
      labels: { "cluster.x-k8s.io/drain": "whenever" },
      annotations: { "karpenter.sh/do-not-disrupt": "soon" },
    }),
  ]);
};

interface Zoo {
  readonly arena: Arena;
  readonly before: readonly string[];
  /** With kubectl's defaults, then with everything allowed. */
  readonly first: DrainOutcome;
  readonly second: DrainOutcome;
  /** Apps with a pod on blue after each. */
  readonly left: readonly (readonly string[])[];
  readonly plan: DrainPlan;
  readonly evicted: readonly string[];
}

/** An evicted pod of a Job has failed at once, but stays until the Job controller has counted it. */
const appsOnBlue = async (arena: Arena): Promise<readonly string[]> =>
  (await podsOf(arena))
    .filter(({ node = "", phase }) => arena.blue.includes(node) && phase !== "Failed")
    .map(({ labels }) => labels["app"] ?? labels["job-name"] ?? "")
    .sort();

/** One node with a pod of every class, drained as by kubectl without flags, then with both. */
const zoo = once(async (site: Site): Promise<Zoo> => {
  const blue = await openArena(site.kube, "zoo", 1);
  await fillZoo(blue);
  await untilPod(blue, "ended", ({ phase }) => phase === "Succeeded");
  await untilReady(blue, 13);
  const arena = await openGreen(blue, 1);
  const before = await appsOnBlue(arena);
  const { kube, evictions } = tap(site.kube);
  const first = await drain(arena, { rules: KUBECTL }, { kube });
  const left = [await appsOnBlue(arena)];
  const plan = await readPlan(site.kube, { run: "plan", nodes: arena.blue, rules: ALL });
  const second = await drain(arena, { rules: ALL }, { kube });
  left.push(await appsOnBlue(arena));
  return { arena, before, first, second, left, plan, evicted: evictions().map(({ pod }) => pod) };
});

both("#5 pods of a Deployment, a ReplicationController and a Job are evicted and come again", async site => {
  const { arena, left, first } = await zoo(site);
  for (const app of ["replicated", "elderly", "batch"]) expect(left[0]).not.toContain(app);
  expect(first.kind).toBe("blocked");
  // A drain does not wait for the Job controller's back-off: that pod comes when it comes.
  await until("a Ready successor of each on green", async () => {
    const green = (await podsOf(arena)).filter(({ node, ready }) => node === arena.green[0] && ready);
    const apps = green.map(({ labels }) => labels["app"]);
    return ["replicated", "elderly", "batch"].every(app => apps.includes(app)) ? true : undefined;
  });
});

both("#11 a naked pod is an error, and with force it goes, with a warning in the plan", async site => {
  const { first, left, plan } = await zoo(site);
  expect(blockedBy(first)["NOT_REPLICATED"]).toContain("naked");
  expect(left.map(apps => apps.includes("naked"))).toEqual([true, false]);
  expect(plan.findings).toContainEqual(
    expect.objectContaining({ code: "NOT_REPLICATED", severity: "warning" }),
  );
});

both("#12 local data is an error, and goes with the flag; an ended pod is no matter at all", async site => {
  const { first, second, left, evicted } = await zoo(site);
  expect(blockedBy(first)["LOCAL_STORAGE"]).toContainEqual(expect.stringMatching(/^local-/));
  expect(left.map(apps => apps.includes("local"))).toEqual([true, false]);
  expect(left.map(apps => apps.includes("ended"))).toEqual([true, true]);
  expect([second.kind, evicted.includes("ended")]).toEqual(["drained", false]);
});

both("#13 an emptyDir in memory is no local storage", async site => {
  const { before, left } = await zoo(site);
  expect([before, left[0]].map(apps => apps?.includes("memory"))).toEqual([true, false]);
});

both("#14 only a pod of which every local volume is declared safe passes", async site => {
  const { left } = await zoo(site);
  expect(left[0]?.filter(app => app.startsWith("safe-"))).toEqual([
    "safe-empty",
    "safe-none",
    "safe-some",
    "safe-wrong",
  ]);
  expect(left[1]?.filter(app => app.startsWith("safe-"))).toEqual([]);
});

both("#15 a mirror pod is passed over", async site => {
  const { left, second, evicted } = await zoo(site);
  expect(left[1]).toContain("static");
  expect([second.kind, evicted.includes("static")]).toEqual(["drained", false]);
});

both("#18 several warnings on one pod are all kept", async site => {
  const { arena, plan, left } = await zoo(site);
  const about = plan.findings.filter(({ subjects }) => subjects.includes(`${arena.name}/messy`));
  expect(about.map(({ code }) => code).sort()).toEqual([
    "DO_NOT_DISRUPT_INVALID",
    "DRAIN_LABEL_UNKNOWN",
    "LOCAL_STORAGE",
    "NOT_REPLICATED",
  ]);
  expect(left[1]).not.toContain("messy");
});

const openAgents = async (site: Site, name: string, spec: object = {}): Promise<Arena> => {
  const blue = await openArena(site.kube, name, 1);
  await putController(blue, { kind: "daemonSets", name: "agent", spec });
  await untilReady(blue, 1);
  return openGreen(blue, 1);
};

both("#6 #9 a DaemonSet's pod stays and holds nothing up, with an emptyDir too", async site => {
  const arena = await openAgents(site, "agents", emptyDir("cache"));
  const { kube, evictions } = tap(site.kube);
  expect(await drain(arena, { rules: KUBECTL }, { kube })).toMatchObject({ kind: "drained", remaining: 0 });
  expect(await appsOnBlue(arena)).toEqual(["agent"]);
  const asKubectl = await drain(arena, { rules: { ...KUBECTL, ignoreDaemonSets: false } }, { kube });
  expect(Object.keys(blockedBy(asKubectl))).toEqual(["DAEMON_SET"]);
  expect(evictions()).toEqual([]);
});

both("#7 a DaemonSet's pod that has ended is removed by its own controller, not by the drain", async site => {
  const arena = await openAgents(site, "ended-agents");
  const agent = (await podsOf(arena)).find(({ node }) => node === arena.blue[0]);
  const { name = "", uid = "" } = agent ?? {};
  await reportPod(arena, name, { phase: "Failed" });
  const { kube, evictions } = tap(site.kube);
  const rules = { ...KUBECTL, ignoreDaemonSets: true };
  expect(await drain(arena, { rules }, { kube })).toMatchObject({ kind: "drained", remaining: 0 });
  await untilGone(arena, { name, uid });
  expect(evictions()).toEqual([]);
});

both("#8 a pod whose DaemonSet was deleted without it is a naked pod: error, or force", async site => {
  const arena = await openAgents(site, "orphans");
  await site.kube.request({
    method: "DELETE",
    path: objectPath(KINDS.daemonSets, { namespace: arena.name, name: "agent" }),
    body: { propagationPolicy: "Orphan" },
  });
  await until("pods without an owner", async () =>
    (await podsOf(arena)).every(({ owner }) => owner === undefined) ? true : undefined,
  );
  const refused = await drain(arena, { rules: KUBECTL });
  expect(Object.keys(blockedBy(refused))).toEqual(["NOT_REPLICATED"]);
  expect(await drain(arena, { rules: ALL })).toMatchObject({ kind: "drained", moved: 1 });
});

both("#10 a DaemonSet of another API group is an owner like any other", async site => {
  const arena = await openGreen(await openArena(site.kube, "custom", 1), 1);
  const owner = { apiVersion: "apps.example.org/v1", kind: "DaemonSet", name: "agent", uid: "custom" };
  const controller = { ...owner, controller: true };
  await putPod(arena, { name: "agent-1", node: arena.blue[0], owner: controller });
  const { uid } = await untilPod(arena, "agent-1");
  const running = drain(arena, { rules: KUBECTL });
  await untilGone(arena, { name: "agent-1", uid });
  await putPod(arena, { name: "agent-2", node: arena.green[0], owner: controller });
  expect(await running).toMatchObject({ kind: "drained", moved: 1 });
});

both("#21 the drain label: skip stays, wait-completed is waited for, any other word goes", async site => {
  const arena = await openGreen(await openArena(site.kube, "labels", 1), 1);
  const [node = ""] = arena.blue;
  const labelled = (name: string, wish: string, more: object = {}): Promise<unknown> =>
    putPod(arena, { name, node, labels: { "cluster.x-k8s.io/drain": wish }, ...more });
  await labelled("left", "skip");
  await labelled("later", "later");
  await untilReady(arena, 2);
  await labelled("worker", "wait-completed", {
    annotations: { [SIMULATE.duration]: "6s" },
    spec: { restartPolicy: "Never" },
  });
  await untilPod(arena, "worker");
  const told = await explainDrain(site.kube, { run: "explain", nodes: arena.blue, rules: ALL }, node);
  expect(
    told.map(({ pod, verdict, warnings }) => [pod, verdict.kind, warnings.map(({ code }) => code)]),
  ).toEqual([
    ["labels/later", "move", ["DRAIN_LABEL_UNKNOWN", "NOT_REPLICATED"]],
    ["labels/left", "ignore", ["NOT_REPLICATED"]],
    ["labels/worker", "waitCompleted", ["NOT_REPLICATED"]],
  ]);
  const { kube, evictions } = tap(site.kube);
  expect(await drain(arena, { rules: ALL }, { kube })).toMatchObject({ kind: "drained" });
  expect(evictions().map(({ pod }) => pod)).toEqual(["later"]);
  expect([await readPod(arena, "left"), await readPod(arena, "worker")]).toMatchObject([
    { phase: "Running" },
    { phase: "Succeeded" },
  ]);
});

alone("#19 a pod of which nobody knows the owner is not drained silently: it is named", async site => {
  const arena = await openGreen(await openArena(site.kube, "nobody", 1), 1);
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "lost", uid: "lost", controller: true };
  const { kube, evictions } = tap(site.kube);
  // With controllers the pod would be collected at once.
  const outcome = await withoutControllers(site, async () => {
    await putPod(arena, { name: "lost-1", node: arena.blue[0], owner });
    await untilPod(arena, "lost-1");
    return drain(arena, { rules: ALL }, { kube });
  });
  expect(blockedBy(outcome)).toEqual({ OWNER_UNKNOWN: ["lost-1"] });
  expect(evictions()).toEqual([]);
});

const CRITICAL = { priorityClassName: "system-cluster-critical" };

const namesOnBlue = async (arena: Arena): Promise<readonly string[]> =>
  (await podsOf(arena)).filter(({ node = "" }) => arena.blue.includes(node)).map(({ name }) => name);

both(
  "#20 #52 what the cluster itself needs goes when every other pod is gone from every node",
  async site => {
    const arena = await openGreen(await openArena(site.kube, "order", 2), 1);
    const [first, second] = arena.blue;
    const slow = { [SIMULATE.stopDelay]: "1500ms" };
    await Promise.all([
      putPod(arena, { name: "dns", node: first, spec: CRITICAL }),
      putPod(arena, { name: "proxy", node: second, spec: CRITICAL }),
      putPod(arena, { name: "web", node: first }),
      putPod(arena, { name: "slow", node: second, annotations: slow }),
    ]);
    await untilReady(arena, 4);
    const present: (readonly string[])[] = [];
    const { kube, evictions } = tap(site.kube, {
      before: async call => {
        if (isEviction(call) && /dns|proxy/.test(call.path)) present.push(await namesOnBlue(arena));
      },
    });
    expect(await drain(arena, { rules: ALL }, { kube })).toMatchObject({ kind: "drained", moved: 4 });
    expect(
      evictions()
        .map(({ pod }) => pod)
        .slice(0, 2)
        .sort(),
    ).toEqual(["slow", "web"]);
    expect([...(present[0] ?? [])].sort()).toEqual(["dns", "proxy"]);
  },
);

const putClass = async (kube: KubeClient, name: string, value: number): Promise<void> => {
  await kube.request({
    method: "POST",
    path: collectionPath(KINDS.priorityClasses),
    body: { metadata: { name }, value },
  });
  expect(
    await kube.request({ method: "GET", path: clusterObjectPath(KINDS.priorityClasses, name) }),
  ).toMatchObject({ value });
};

both("#53 each pod has its own grace, whatever its priority, lowest and highest too", async site => {
  const arena = await openGreen(await openArena(site.kube, "grace", 1), 1);
  const [node] = arena.blue;
  await putClass(site.kube, "lowest", -2_147_483_648);
  await putClass(site.kube, "highest", 1_000_000_000);
  const patient = { [SIMULATE.stopDelay]: "3s" };
  const graces = { lowest: 7, highest: 11, plain: 13 };
  for (const [name, graceSeconds] of Object.entries(graces)) {
    const spec = name === "plain" ? {} : { priorityClassName: name };
    await putPod(arena, { name, node, graceSeconds, annotations: patient, spec });
  }
  await untilReady(arena, 3);
  const { kube, bodies } = tap(site.kube);
  const running = drain(arena, { rules: ALL }, { kube });
  const given = await Promise.all(
    Object.keys(graces).map(async name => {
      const pod = await untilPod(arena, name, ({ deletionTimestamp }) => deletionTimestamp !== undefined);
      return [name, pod.deletionGracePeriodSeconds];
    }),
  );
  expect(Object.fromEntries(given)).toEqual(graces);
  expect(await running).toMatchObject({ kind: "drained" });
  expect(bodies().map(body => JSON.stringify(body))).not.toContainEqual(
    expect.stringContaining("gracePeriod"),
  );
});

both("#54 a tier that is stuck for good does not hold up the next one, and nothing is forced", async site => {
  const blue = await openArena(site.kube, "stuck-ending", 1);
  await putController(blue, { kind: "deployments", name: "frozen" });
  await putBudget(blue, "frozen", { maxUnavailable: 0 });
  await putPod(blue, { name: "dns", node: blue.blue[0], spec: CRITICAL });
  await untilReady(blue, 2);
  await untilBudget(blue, "frozen", ({ healthy }) => healthy === 1);
  const arena = await openGreen(blue, 1);
  const { kube, evictions } = tap(site.kube);
  const outcome = await drain(arena, { rules: ALL }, { kube });
  expect(blockedBy(outcome)).toEqual({ BLOCKED_BY_SPEC: [expect.stringMatching(/^frozen-/)] });
  expect(evictions().map(({ pod }) => pod)).toEqual(["dns"]);
});
