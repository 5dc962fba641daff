import { KubeError, namespacePath, podPath } from "../../../../kube";
import { SIMULATE } from "../../../../lab/simulator/annotations";
import type { DrainOutcome } from "../../../../operations/drain/drainNodes";
import { explainDrain } from "../../../../operations/drain/plan";
import { type Arena, openArena, openGreen, until } from "../arena";
import { blockedBy, drain, type DrainTools } from "./benchDrain";
import {
  deletePod,
  type PodWish,
  putPod,
  putSilentNode,
  readPod,
  removePod,
  reportPod,
  RUNNING_AND_READY,
  untilPod,
} from "./benchPods";
import { type Site, firstHalf, withoutControllers } from "./benchSites";
import { tap } from "./benchTap";

const { both, alone } = firstHalf();

const RULES = { force: true, deleteEmptyDirData: true };
const FORCE = { rules: RULES };

/** One blue node with one pod that is Ready, and a green node. */
const openWith = async (site: Site, name: string, wish: Partial<PodWish> = {}): Promise<Arena> => {
  const arena = await openGreen(await openArena(site.kube, name, 1), 1);
  await putPod(arena, { name: "web", node: arena.blue[0], ...wish });
  await untilPod(arena, "web");
  return arena;
};

/** Blue is a node without a kubelet: its pod, which is Ready, ends only when the test takes it away. */
const openSilent = async (site: Site, name: string, wish: Partial<PodWish>): Promise<Arena> => {
  const green = await openArena(site.kube, name, 1);
  const arena = { ...green, blue: [await putSilentNode(green, `${name}-silent`)], green: green.blue };
  await putPod(arena, { name: "web", node: arena.blue[0], ...wish });
  await reportPod(arena, "web", RUNNING_AND_READY);
  return arena;
};

const isEnding = ({ deletionTimestamp }: { deletionTimestamp: string | undefined }): boolean =>
  deletionTimestamp !== undefined;

const ENDING = { deletionTimestamp: expect.any(String) as string };

const stopping = (delay: string): Partial<PodWish> => ({
  graceSeconds: 60,
  annotations: { [SIMULATE.stopDelay]: delay },
});

interface Waiting {
  readonly outcome: Promise<DrainOutcome>;
  /** The drain has said that it waits for one pod that is on its way out. */
  readonly waits: () => Promise<unknown>;
  /** From now on its clock is ahead of the cluster's by so many seconds. */
  readonly jump: (seconds: number) => void;
}

const startDrain = (arena: Arena, seconds: number, tools: DrainTools = {}): Waiting => {
  let ahead = seconds;
  const told: number[] = [];
  const outcome = drain(arena, FORCE, {
    ...tools,
    now: () => Date.now() + ahead * 1000,
    progress: ({ terminating }) => void told.push(terminating),
  });
  return {
    outcome,
    waits: () => until("the drain to wait", () => (told.includes(1) ? true : undefined)),
    jump: to => void (ahead = to),
  };
};

both(
  "#22 a pod that is to complete is waited for; once somebody deletes it, the drain goes on",
  async site => {
    const arena = await openWith(site, "completes", {
      labels: { "cluster.x-k8s.io/drain": "wait-completed" },
    });
    const lines: string[] = [];
    const { kube, evictions } = tap(site.kube);
    const running = drain(arena, FORCE, { kube, log: line => void lines.push(line) });
    await until("the drain to wait", () => lines.find(line => line.includes("waiting for the end of 1")));
    await deletePod(arena, "web");
    expect(await running).toMatchObject({ kind: "drained", remaining: 0 });
    expect(evictions()).toEqual([]);
  },
);

both("#43 a pod held by a finalizer is waited for until its containers have ended", async site => {
  const arena = await openWith(site, "finalizer", { finalizers: ["test/held"], ...stopping("4s") });
  const { outcome, waits } = startDrain(arena, 0);
  await waits();
  expect(await untilPod(arena, "web", isEnding)).toMatchObject({ phase: "Running" });
  expect(await outcome).toMatchObject({ kind: "drained", remaining: 0 });
  expect(await readPod(arena, "web")).toMatchObject({ phase: "Failed", ...ENDING });
  const path = podPath({ namespace: arena.name, name: "web" });
  await site.kube.request({ method: "PATCH", path, body: { metadata: { finalizers: null } } });
});

alone(
  "#44 #45 in a namespace that ends, evictions are refused (403): retried, then waited for, and never for ever",
  async site => {
    const arena = await openWith(site, "ending");
    await putPod(arena, { name: "going", node: arena.blue[0], ...stopping("50s") });
    await untilPod(arena, "going");
    await deletePod(arena, "going");
    const { kube, evictions } = tap(site.kube);
    const second = await withoutControllers(site, async () => {
      await site.kube.request({ method: "DELETE", path: namespacePath(arena.name) });
      const refusals = (count: number): Promise<unknown> =>
        until(`refusal ${count}`, () => (evictions()[count - 1]?.status === 403 ? true : undefined));
      const never = startDrain(arena, 0, { kube });
      await refusals(1);
      never.jump(100);
      expect(await never.outcome).toMatchObject({ kind: "paused", moved: 0, remaining: 2 });
      const before = evictions().length;
      const outcome = drain(arena, FORCE, { kube });
      await refusals(before + 1);
      return { outcome };
    });
    await removePod(arena, "going");
    expect(await second.outcome).toMatchObject({ kind: "drained", remaining: 0 });
    expect(new Set(evictions().map(({ pod, status }) => `${pod} ${status}`))).toEqual(new Set(["web 403"]));
  },
);

both("#47 waiting for a pod's end: it completes", async site => {
  const arena = await openWith(site, "ends", stopping("2s"));
  expect(await drain(arena, FORCE)).toMatchObject({ kind: "drained", moved: 1 });
  expect(await readPod(arena, "web")).toBeUndefined();
});

both("#47 waiting for a pod's end: time is up", async site => {
  const arena = await openWith(site, "late", stopping("50s"));
  const { outcome, waits, jump } = startDrain(arena, 0);
  await waits();
  jump(100);
  expect(await outcome).toMatchObject({ kind: "paused", reasons: ["its own deadline has passed"] });
  expect(await readPod(arena, "web")).toMatchObject(ENDING);
  await removePod(arena, "web");
});

both("#47 waiting for a pod's end: cancelled", async site => {
  const arena = await openWith(site, "cancelled", stopping("50s"));
  const stop = new AbortController();
  const running = drain(arena, FORCE, { signal: stop.signal });
  await untilPod(arena, "web", isEnding);
  stop.abort();
  expect(await running).toMatchObject({ kind: "stopped", reasons: ["it was cancelled"] });
  expect(await readPod(arena, "web")).toMatchObject(ENDING);
  await removePod(arena, "web");
});

both("#47 waiting for a pod's end: the line is cut with the very word that tells of it", async site => {
  const arena = await openWith(site, "cut", stopping("1s"));
  let cuts = 0;
  const { kube } = tap(site.kube, {
    onWord: ({ path }, { type, object }) => {
      const { namespace } = (object as { metadata: { namespace?: string } }).metadata;
      if (cuts > 0 || path !== "/api/v1/pods" || type !== "DELETED" || namespace !== arena.name) return;
      cuts += 1;
      throw new KubeError({ kind: "unreachable", message: "the line was cut" });
    },
  });
  expect(await drain(arena, FORCE, { kube })).toMatchObject({ kind: "drained", moved: 1 });
  expect([cuts, await readPod(arena, "web")]).toEqual([1, undefined]);
});

both("#48 a pod that ends for longer than anybody waits is passed over, and that is said", async site => {
  const arena = await openSilent(site, "skipped", { graceSeconds: 1 });
  await deletePod(arena, "web");
  const rules = { ...RULES, skipWaitForDeleteTimeoutSeconds: 1 };
  expect(await drain(arena, { rules })).toMatchObject({ kind: "drained", moved: 0 });
  const request = { run: "explain", nodes: arena.blue, rules };
  const told = await explainDrain(site.kube, request, `${arena.name}/web`);
  expect(told).toMatchObject([{ verdict: { kind: "ignore", code: "SKIPPED_TERMINATING" } }]);
  await removePod(arena, "web");
});

both("#49 a pod far beyond its grace is named as stuck after another minute, and not before", async site => {
  const arena = await openSilent(site, "stuck", { graceSeconds: 1 });
  await deletePod(arena, "web");
  const { outcome, waits, jump } = startDrain(arena, 30);
  await waits();
  jump(70);
  expect(blockedBy(await outcome)).toEqual({ STUCK_TERMINATING: ["web"] });
  await removePod(arena, "web");
});

both("#50 a long grace that is not over is waited for, however long that is", async site => {
  const arena = await openSilent(site, "patient", { graceSeconds: 120 });
  await deletePod(arena, "web");
  const { outcome, waits, jump } = startDrain(arena, 90);
  await waits();
  jump(150);
  await removePod(arena, "web");
  expect(await outcome).toMatchObject({ kind: "drained", remaining: 0 });
});

both("#51 a grace of 0 gives the same further minute", async site => {
  const arena = await openSilent(site, "graceless", { graceSeconds: 0, finalizers: ["test/held"] });
  await deletePod(arena, "web");
  const { outcome, waits, jump } = startDrain(arena, 30);
  await waits();
  jump(70);
  expect(blockedBy(await outcome)).toEqual({ STUCK_TERMINATING: ["web"] });
});
