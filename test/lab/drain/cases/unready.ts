import { evictPod } from "../../../../kube";
import { SIMULATE } from "../../../../lab/simulator/annotations";
import { type Arena, openArena, openGreen, until } from "../arena";
import { blockedBy, drain } from "./benchDrain";
import {
  putBudget,
  putPod,
  readBudget,
  readPod,
  reportPod,
  RUNNING_AND_READY,
  untilBudget,
  untilPod,
} from "./benchPods";
import { type Site, firstHalf, withoutControllers } from "./benchSites";
import { isEviction, tap } from "./benchTap";

const { both, alone } = firstHalf();

const FORCE = { rules: { force: true } };
const NEVER_READY = { [SIMULATE.fail]: "never-ready" };
const NEVER_STARTS = { [SIMULATE.fail]: "image-pull" };

const open = async (site: Site, name: string): Promise<Arena> =>
  openGreen(await openArena(site.kube, name, 1), 1);

const isRunning = ({ phase, ready }: { phase: string; ready: boolean }): boolean =>
  phase === "Running" && !ready;

/** Pods of the app `web`: a not-Ready one on blue, and Ready ones on green. */
const putWeb = async (arena: Arena, ready: number): Promise<void> => {
  await putPod(arena, { name: "broken", node: arena.blue[0], app: "web", annotations: NEVER_READY });
  const others = Array.from({ length: ready }, (_, index) => `ready-${index}`);
  for (const name of others) await putPod(arena, { name, node: arena.green[0], app: "web" });
  await untilPod(arena, "broken", isRunning);
  await Promise.all(others.map(name => untilPod(arena, name)));
};

both("#37 a Pending pod goes although its PDB allows nothing, which stays as it is", async site => {
  const arena = await open(site, "pending");
  await putPod(arena, { name: "web", node: arena.blue[0], annotations: NEVER_STARTS });
  await untilPod(arena, "web", ({ trouble }) => trouble === "ImagePullBackOff");
  await putBudget(arena, "web", { minAvailable: 1 });
  await untilBudget(arena, "web", ({ needed, allowed }) => needed === 1 && allowed === 0);
  const { kube, evictions } = tap(site.kube);
  expect(await drain(arena, FORCE, { kube })).toMatchObject({ kind: "drained", moved: 1 });
  expect(evictions().map(({ status }) => status)).toEqual([200]);
  expect(await readBudget(arena, "web")).toMatchObject({ allowed: 0, disrupted: [] });
});

both(
  "#38 an ended pod: the server would remove it without asking the PDB, the drain leaves it",
  async site => {
    const arena = await open(site, "ended");
    await putPod(arena, {
      ...{ name: "done", node: arena.blue[0], app: "web", spec: { restartPolicy: "Never" } },
      annotations: { [SIMULATE.duration]: "10ms" },
    });
    await putPod(arena, { name: "web", node: arena.green[0] });
    const { uid } = await untilPod(arena, "done", ({ phase }) => phase === "Succeeded");
    await untilPod(arena, "web");
    await putBudget(arena, "web", { minAvailable: 1 });
    const full = await untilBudget(arena, "web", ({ healthy, allowed }) => healthy === 1 && allowed === 0);
    const { kube, evictions } = tap(site.kube);
    expect(await drain(arena, FORCE, { kube })).toMatchObject({ kind: "drained", moved: 0, remaining: 0 });
    expect(evictions()).toEqual([]);
    expect(await evictPod(site.kube, { namespace: arena.name, name: "done", uid })).toEqual({
      kind: "accepted",
    });
    expect(await readPod(arena, "done")).toBeUndefined();
    expect(await readBudget(arena, "web")).toMatchObject({
      disrupted: full.disrupted,
      allowed: full.allowed,
    });
  },
);

both("#39 a Pending pod that runs when the eviction arrives is under its PDB again", async site => {
  const arena = await open(site, "started");
  await putPod(arena, { name: "web", node: arena.blue[0], annotations: NEVER_STARTS });
  await untilPod(arena, "web", ({ trouble }) => trouble === "ImagePullBackOff");
  await putBudget(arena, "web", { minAvailable: 1 });
  await untilBudget(arena, "web", ({ needed }) => needed === 1);
  const { kube, evictions } = tap(site.kube, {
    before: async call => {
      if (!isEviction(call)) return;
      await reportPod(arena, "web", RUNNING_AND_READY);
      await untilBudget(arena, "web", ({ healthy }) => healthy === 1);
    },
  });
  const outcome = await drain(arena, FORCE, { kube });
  expect(blockedBy(outcome)).toEqual({ BLOCKED_BY_SPEC: ["web"] });
  expect(evictions().map(({ status }) => status)).toEqual([429]);
  expect(await readPod(arena, "web")).toMatchObject({ ready: true, deletionTimestamp: undefined });
});

both("#40 a pod that is not Ready goes at once where enough others are, and takes no slot", async site => {
  const arena = await open(site, "spare");
  await putWeb(arena, 2);
  await putBudget(arena, "web", { minAvailable: 2 });
  await untilBudget(arena, "web", ({ healthy, allowed }) => healthy === 2 && allowed === 0);
  const { kube, evictions } = tap(site.kube);
  expect(await drain(arena, FORCE, { kube })).toMatchObject({ kind: "drained", moved: 1 });
  expect(evictions().map(({ status }) => status)).toEqual([200]);
  expect(await readBudget(arena, "web")).toMatchObject({ healthy: 2, allowed: 0, disrupted: [] });
});

alone("#41 a pod that gets Ready meanwhile is refused (429), and goes when it is counted", async site => {
  const arena = await open(site, "recovers");
  await putWeb(arena, 2);
  await putBudget(arena, "web", { minAvailable: 2 });
  await untilBudget(arena, "web", ({ healthy, allowed }) => healthy === 2 && allowed === 0);
  const { kube, evictions } = tap(site.kube, {
    before: async call => {
      if (isEviction(call)) await reportPod(arena, "broken", RUNNING_AND_READY);
    },
  });
  const running = await withoutControllers(site, async () => {
    const outcome = drain(arena, FORCE, { kube });
    await until("a refusal", () => evictions().find(({ status }) => status === 429));
    return { outcome };
  });
  expect(await running.outcome).toMatchObject({ kind: "drained", moved: 1 });
  expect(evictions()[0]?.status).toBe(429);
  expect(evictions().at(-1)?.status).toBe(200);
});

const POLICIES = ["IfHealthyBudget", "AlwaysAllow"] as const;

both("#42 by policy and readiness: only AlwaysAllow lets a not-Ready pod of a sick budget go", async site => {
  const arena = await open(site, "policies");
  for (const policy of POLICIES) {
    const app = policy.toLowerCase();
    await putPod(arena, { name: `${app}-ready`, node: arena.blue[0], app });
    await putPod(arena, { name: `${app}-unready`, node: arena.blue[0], app, annotations: NEVER_READY });
    await putBudget(arena, app, { minAvailable: 2, unhealthyPodEvictionPolicy: policy });
  }
  const apps = POLICIES.map(policy => policy.toLowerCase());
  await Promise.all(apps.map(app => untilPod(arena, `${app}-ready`)));
  await Promise.all(apps.map(app => untilPod(arena, `${app}-unready`, isRunning)));
  for (const app of apps)
    await untilBudget(arena, app, ({ healthy, needed }) => healthy === 1 && needed === 2);
  const said = await Promise.all(
    apps.flatMap(app =>
      ["ready", "unready"].map(async state => {
        const name = `${app}-${state}`;
        const { uid = "" } = (await readPod(arena, name)) ?? {};
        return [name, (await evictPod(site.kube, { namespace: arena.name, name, uid, dryRun: true })).kind];
      }),
    ),
  );
  expect(said).toEqual([
    ["ifhealthybudget-ready", "budgetFull"],
    ["ifhealthybudget-unready", "budgetFull"],
    ["alwaysallow-ready", "budgetFull"],
    ["alwaysallow-unready", "accepted"],
  ]);
  const { kube, evictions } = tap(site.kube);
  const outcome = await drain(arena, { ...FORCE, timeoutSeconds: 3 }, { kube });
  expect(outcome).toMatchObject({ kind: "blocked", moved: 1, remaining: 3 });
  expect(evictions()).toMatchObject([{ pod: "alwaysallow-unready", status: 200 }]);
  expect(await readBudget(arena, "alwaysallow")).toMatchObject({ disrupted: [] });
});
