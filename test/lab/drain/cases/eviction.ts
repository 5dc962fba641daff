import { evictionPath, evictPod, type KubeClient } from "../../../../kube";
import { readPodFact } from "../../../../operations/drain/facts";
import { sendEviction } from "../../../../operations/drain/evict";
import { type Arena, openArena, openGreen, podsOf, until, untilReady } from "../arena";
import { blockedBy, drain } from "./benchDrain";
import {
  changeBudget,
  eventsOf,
  putBudget,
  putController,
  putPod,
  readBudget,
  readPod,
  removePod,
  untilBudget,
  untilGone,
  untilPod,
} from "./benchPods";
import { type Site, firstHalf, withoutControllers } from "./benchSites";
import { isEviction, tap, type TapHooks } from "./benchTap";
import { openAs } from "./benchUsers";

const { both, alone } = firstHalf();

const FORCE = { rules: { force: true } };

const firstTime = (act: () => Promise<unknown>): NonNullable<TapHooks["before"]> => {
  let done = false;
  return async call => {
    if (done || !isEviction(call)) return;
    done = true;
    await act();
  };
};

/** One blue and one green node, and a StatefulSet's only pod on blue. */
const openStore = async (site: Site, name: string, budget?: object): Promise<Arena> => {
  const blue = await openArena(site.kube, name, 1);
  await putController(blue, { kind: "statefulSets", name: "store" });
  await untilReady(blue, 1);
  if (budget !== undefined) {
    await putBudget(blue, "store", budget);
    await untilBudget(blue, "store", ({ healthy }) => healthy === 1);
  }
  return openGreen(blue, 1);
};

/** Takes store-0 away and waits for the one that follows under its name. */
const replaceStore = async (arena: Arena): Promise<string> => {
  const before = await readPod(arena, "store-0");
  await removePod(arena, "store-0");
  const { uid } = await untilPod(arena, "store-0", pod => pod.uid !== before?.uid && pod.ready);
  return uid;
};

both("#26 the pod is gone when the eviction arrives (404): a success, and no Event", async site => {
  const arena = await openGreen(await openArena(site.kube, "gone", 1), 1);
  await putPod(arena, { name: "web", node: arena.blue[0] });
  await untilPod(arena, "web");
  const { kube, evictions } = tap(site.kube, { before: firstTime(() => removePod(arena, "web")) });
  expect(await drain(arena, FORCE, { kube })).toMatchObject({ kind: "drained", remaining: 0 });
  expect(evictions().map(({ status }) => status)).toEqual([404]);
  expect(await eventsOf(site.kube, arena.name)).toEqual([]);
});

both(
  "#27 the pod was replaced under its name (409): a success, no Event, the successor stays",
  async site => {
    const arena = await openStore(site, "replaced");
    let successor = "";
    const { kube, evictions } = tap(site.kube, {
      before: firstTime(async () => (successor = await replaceStore(arena))),
    });
    expect(await drain(arena, {}, { kube })).toMatchObject({ kind: "drained", remaining: 0 });
    expect(evictions().map(({ status }) => status)).toEqual([409]);
    expect(await eventsOf(site.kube, arena.name)).toEqual([]);
    expect(await readPod(arena, "store-0")).toMatchObject({ uid: successor, node: arena.green[0] });
  },
);

both("#28 #30 a queued pod is replaced on another node: its successor is not evicted", async site => {
  const arena = await openStore(site, "queued", { minAvailable: 1 });
  const lines: string[] = [];
  const { kube, evictions } = tap(site.kube);
  const log = (line: string): void => void lines.push(line);
  const running = drain(arena, { tuning: { blockedAfterMs: 60_000 } }, { kube, log });
  await until("the pod to wait", () => lines.find(line => line.includes("waiting on PDB queued/store")));
  const successor = await replaceStore(arena);
  await changeBudget(arena, "store", { minAvailable: 0 });
  expect(await running).toMatchObject({ kind: "drained", remaining: 0 });
  expect(evictions()).toEqual([]);
  expect(await readPod(arena, "store-0")).toMatchObject({ uid: successor, node: arena.green[0] });
});

both("#29 a successor under the same name counts as the end of the one that is waited for", async site => {
  const arena = await openStore(site, "waited");
  const before = await readPod(arena, "store-0");
  const { kube, evictions } = tap(site.kube);
  expect(await drain(arena, {}, { kube })).toMatchObject({ kind: "drained", moved: 1 });
  expect(evictions()).toMatchObject([{ pod: "store-0", uid: before?.uid }]);
  const after = await readPod(arena, "store-0");
  expect([after?.node, after?.uid === before?.uid]).toEqual([arena.green[0], false]);
});

both("#31 a stale uid: the server burns a slot, so it is found out before the call", async site => {
  const blue = await openArena(site.kube, "stale", 1);
  await putPod(blue, { name: "web-1", node: blue.blue[0], app: "web" });
  await putPod(blue, { name: "web-2", node: blue.blue[0], app: "web" });
  await untilReady(blue, 2);
  await putBudget(blue, "web", { minAvailable: 1 });
  const full = await untilBudget(blue, "web", ({ allowed }) => allowed === 1);
  const { kube, evictions } = tap(site.kube);
  const target = { namespace: "stale", name: "web-1" };
  const cached = readPodFact(
    await site.kube.request({ method: "GET", path: `/api/v1/namespaces/stale/pods/web-1` }),
  );
  const pods = new Map([[cached.uid, { ...cached, node: "elsewhere" }]]);
  const action = { kind: "evict", ...target, uid: cached.uid, node: blue.blue[0] ?? "", budget: "" } as const;
  expect(await sendEviction({ kube, pods, mayAct: () => true }, action)).toEqual({ kind: "stale" });
  expect(evictions()).toEqual([]);
  expect(await readBudget(blue, "web")).toEqual(full);
  expect(await evictPod(kube, { ...target, uid: "another" })).toEqual({ kind: "gone" });
  expect(evictions()).toMatchObject([{ status: 409 }]);
  expect(await readBudget(blue, "web")).toMatchObject({ allowed: 0, disrupted: ["web-1"] });
});

interface RawBudget {
  readonly metadata: { readonly namespace?: string };
  readonly status?: { readonly disruptionsAllowed?: number };
}

both("#32 429 by a PDB, then allowed: evicted within a second of the PDB's change", async site => {
  const arena = await openGreen(await openArena(site.kube, "full", 1), 1);
  await putPod(arena, { name: "web-1", node: arena.blue[0], app: "web" });
  await putPod(arena, { name: "web-2", node: arena.blue[0], app: "web" });
  await untilReady(arena, 2);
  await putBudget(arena, "web", { minAvailable: 1 });
  await untilBudget(arena, "web", ({ allowed }) => allowed === 1);
  const close = async (): Promise<void> => {
    await changeBudget(arena, "web", { minAvailable: 2 });
    await untilBudget(arena, "web", ({ allowed }) => allowed === 0);
  };
  const rooms: number[] = [];
  const onWord: TapHooks["onWord"] = ({ path }, { object }) => {
    const { metadata, status } = object as RawBudget;
    const isOurs = path.endsWith("/poddisruptionbudgets") && metadata.namespace === arena.name;
    if (isOurs && (status?.disruptionsAllowed ?? 0) > 1) rooms.push(Date.now());
  };
  const { kube, evictions } = tap(site.kube, { before: firstTime(close), onWord });
  const running = drain(arena, { ...FORCE, tuning: { blockedAfterMs: 60_000 } }, { kube });
  await until("a refusal", () => evictions().find(({ status }) => status === 429));
  await changeBudget(arena, "web", { minAvailable: 0 });
  expect(await running).toMatchObject({ kind: "drained", moved: 2 });
  const [refused, ...allowed] = evictions();
  expect([refused?.status, ...allowed.map(({ status }) => status)]).toEqual([429, 200, 200]);
  expect((allowed[0]?.at ?? Infinity) - (rooms[0] ?? 0)).toBeLessThan(1_000);
});

const FLOW = "/apis/flowcontrol.apiserver.k8s.io/v1";

/** From now on an API server takes one eviction by this user at a time, and sends the others away. */
const throttle = async (kube: KubeClient, user: string): Promise<void> => {
  const limited = {
    nominalConcurrencyShares: 0,
    lendablePercent: 0,
    borrowingLimitPercent: 0,
    limitResponse: { type: "Reject" },
  };
  const rule = { verbs: ["*"], apiGroups: [""], resources: ["pods/eviction"], namespaces: ["*"] };
  await kube.request({
    method: "POST",
    path: `${FLOW}/prioritylevelconfigurations`,
    body: { metadata: { name: user }, spec: { type: "Limited", limited } },
  });
  await kube.request({
    method: "POST",
    path: `${FLOW}/flowschemas`,
    body: {
      metadata: { name: user },
      spec: {
        priorityLevelConfiguration: { name: user },
        matchingPrecedence: 2,
        rules: [{ subjects: [{ kind: "User", user: { name: user } }], resourceRules: [rule] }],
      },
    },
  });
};

const TWELVE = Array.from({ length: 12 }, (_, index) => `web-${index}`);

both("#33 429 without a cause: half as many at once, and no pod is called blocked", async site => {
  const arena = await openGreen(await openArena(site.kube, "pressed", 1), 1);
  await Promise.all(TWELVE.map(name => putPod(arena, { name, node: arena.blue[0] })));
  const [first] = await untilReady(arena, TWELVE.length);
  // The lab's own user is exempt from all limits.
  const user = await openAs(site, "pressed-user", "cluster-admin");
  await throttle(site.kube, "pressed-user");
  const target = { namespace: arena.name, name: first?.name ?? "", uid: first?.uid ?? "", dryRun: true };
  await until("API servers that are short of seats", async () => {
    const said = await Promise.all(TWELVE.map(() => evictPod(user, target)));
    return said.filter(({ kind }) => kind === "throttled").length > 6 ? true : undefined;
  });
  const { kube, evictions } = tap(user);
  const outcome = await drain(arena, FORCE, { kube });
  await user.close();
  expect(outcome).toMatchObject({ kind: "drained", moved: TWELVE.length });
  const sent = evictions();
  const burst = sent.slice(0, 10);
  const again = sent.filter(({ pod }, at) => sent.slice(0, at).some(earlier => earlier.pod === pod));
  expect(Math.max(...burst.map(({ besides }) => besides))).toBe(9);
  expect(burst.map(({ status }) => status)).toContain(429);
  expect(Math.max(...again.map(({ besides }) => besides))).toBeLessThan(5);
});

both("#34 two PDBs on one pod (500): blocked by name, not asked for, and the others go", async site => {
  const blue = await openArena(site.kube, "double", 1);
  await putController(blue, { kind: "deployments", name: "double", labels: { twice: "yes" } });
  await putController(blue, { kind: "deployments", name: "free" });
  await untilReady(blue, 2);
  await putBudget(blue, "double", { minAvailable: 0 });
  await site.kube.request({
    method: "POST",
    path: "/apis/policy/v1/namespaces/double/poddisruptionbudgets",
    body: {
      metadata: { name: "second" },
      spec: { minAvailable: 0, selector: { matchLabels: { twice: "yes" } } },
    },
  });
  const pod = (await podsOf(blue)).find(({ labels }) => labels["app"] === "double");
  const { namespace = "", name = "", uid = "" } = pod ?? {};
  expect(await evictPod(site.kube, { namespace, name, uid })).toEqual({ kind: "manyBudgets" });
  const arena = await openGreen(blue, 1);
  const { kube, evictions } = tap(site.kube);
  const outcome = await drain(arena, {}, { kube });
  expect(blockedBy(outcome)).toEqual({ MULTIPLE_PDBS: [name] });
  expect(evictions().map(({ pod, status }) => [pod.split("-")[0], status])).toEqual([["free", 200]]);
});

alone("#35 a PDB whose newest spec nobody has counted: no eviction until it is", async site => {
  const arena = await openGreen(await openArena(site.kube, "behind", 1), 1);
  await putPod(arena, { name: "web", node: arena.blue[0] });
  const { uid } = await untilPod(arena, "web");
  await putBudget(arena, "web", { minAvailable: 1 });
  await untilBudget(arena, "web", ({ healthy }) => healthy === 1);
  const { kube, evictions } = tap(site.kube);
  const asked: string[] = [];
  const running = await withoutControllers(site, async () => {
    await changeBudget(arena, "web", { minAvailable: 0 });
    const outcome = drain(arena, FORCE, { kube, log: line => void asked.push(line) });
    await until("it to wait", () => asked.find(line => line.includes("waiting on PDB behind/web")));
    expect((await evictPod(site.kube, { namespace: arena.name, name: "web", uid })).kind).toBe(
      "budgetBehind",
    );
    expect(evictions()).toEqual([]);
    return { outcome };
  });
  expect(await running.outcome).toMatchObject({ kind: "drained", moved: 1 });
  expect(evictions().map(({ status }) => status)).toEqual([200]);
});

both(
  "#46 a name that is not the one in the URL is an error of the program (400), never a retry",
  async site => {
    const arena = await openArena(site.kube, "misnamed", 1);
    await putPod(arena, { name: "web", node: arena.blue[0] });
    const { uid } = await untilPod(arena, "web");
    const path = evictionPath({ namespace: arena.name, name: "web" });
    const body = {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { name: "other", namespace: arena.name },
    };
    await expect(site.kube.request({ method: "POST", path, body })).rejects.toMatchObject({ status: 400 });
    const misnaming = tap(site.kube);
    const wrong = {
      ...misnaming.kube,
      request: <T>(call: Parameters<typeof site.kube.request>[0]): Promise<T> =>
        misnaming.kube.request<T>({ ...call, body: { ...(call.body as object), ...body } }),
    };
    expect((await evictPod(wrong, { namespace: arena.name, name: "web", uid })).kind).toBe("refused");
    const { kube, bodies } = tap(site.kube);
    await evictPod(kube, { namespace: arena.name, name: "web", uid });
    expect(bodies()).toMatchObject([{ metadata: { name: "web", namespace: arena.name } }]);
    await untilGone(arena, { name: "web", uid });
  },
);
