import { countTransition, NO_TOTALS, type Totals } from "../../../../core/drain/metrics";
import type { KubeClient, PodView } from "../../../../kube";
import { KubeError } from "../../../../kube/kubeError";
import { SIMULATE } from "../../../../lab/simulator/annotations";
import type { DrainOutcome } from "../../../../operations/drain/drainNodes";
import { readPlan } from "../../../../operations/drain/plan";
import { type Arena, closeArena, openArena, podsOf, until, untilCounted } from "../arena";
import { blockedBy } from "./benchDrain";
import { putBudget, putController, removePod, untilBudget } from "./benchPods";
import { type Bench, once, type Site } from "./benchSites";
import { isEviction } from "./benchTap";
import {
  endingsOn,
  fewestOn,
  inArena,
  isBlue,
  livesOn,
  namesOf,
  patchNodeRaw,
  stage,
  startDrain,
  type Tape,
  tapePods,
  untilRunning,
} from "./scene";

/** Three pods with names that return, each once here and once there. */
const MOVED_ONCE = ["store-0", "store-1", "store-2"].flatMap(name => [`${name} blue`, `${name} green`]);

const verdictOf = async (arena: Arena, name: string): Promise<string | undefined> => {
  const { budgets } = await readPlan(arena.kube, { run: "plan", nodes: arena.blue, cordon: true });
  return budgets.find(({ budget }) => budget === `PDB ${arena.name}/${name}`)?.code;
};

/** A pod is taken away by force, and no node takes its successor. */
const forceAway = async (arena: Arena, app: string): Promise<void> => {
  const pod = (await podsOf(arena)).find(({ labels }) => labels["app"] === app);
  await removePod(arena, pod?.name ?? "");
  await untilBudget(arena, app, ({ healthy }) => healthy === 1);
};

const misconfigured = ({ both }: Bench): void =>
  both(
    "#80 a budget is called blocked by its spec when that never lets a pod go, and busy when it only waits",
    inArena("verdicts", 1, async arena => {
      const names = ["frozen", "whole", "good"];
      for (const name of names) await putController(arena, { kind: "deployments", name, replicas: 2 });
      await putBudget(arena, "frozen", { maxUnavailable: 0 });
      await putBudget(arena, "whole", { minAvailable: 2 });
      await putBudget(arena, "good", { maxUnavailable: 1 });
      await untilRunning(arena, 6);
      await untilCounted(arena, 3);
      const all = (): Promise<unknown> => Promise.all(names.map(name => verdictOf(arena, name)));
      expect(await all()).toEqual(["BLOCKED_BY_SPEC", "BLOCKED_BY_SPEC", "OK"]);
      await patchNodeRaw(arena, arena.blue[0] ?? "", { spec: { unschedulable: true } });
      for (const name of names) await forceAway(arena, name);
      expect(await all()).toEqual(["BLOCKED_BY_SPEC", "BLOCKED_BY_SPEC", "BUSY"]);
    }),
  );

interface Story {
  readonly outcome: DrainOutcome;
  readonly totals: Totals;
  readonly agents: readonly (readonly PodView[])[];
  readonly tape: Tape<PodView>;
}

/**
 * Its pods take a moment to end. A budget remembers an eviction by the pod's name until its controller has seen the pod
 * end; a successor of the same name that comes sooner counts as disrupted for two minutes.
 */
const putStore = async (arena: Arena): Promise<void> => {
  await putController(arena, {
    kind: "statefulSets",
    name: "store",
    replicas: 3,
    annotations: { [SIMULATE.stopDelay]: "1500ms" },
    spec: { terminationGracePeriodSeconds: 5 },
  });
  await putBudget(arena, "store", { maxUnavailable: 1 });
};

/** Longer than these two minutes. */
const PATIENT = { deadlineSeconds: 160 };

const agentsOf = async (arena: Arena): Promise<readonly PodView[]> =>
  (await podsOf(arena)).filter(pod => pod.labels["app"] === "agent" && isBlue(pod));

/** A DaemonSet that no eviction could move, pods with names that return, and budgets of each kind. */
const furnish = async (arena: Arena): Promise<void> => {
  await putController(arena, { kind: "daemonSets", name: "agent" });
  await putBudget(arena, "agent", { maxUnavailable: 0 });
  await putStore(arena);
  const annotations = { [SIMULATE.readyDelay]: "1500ms" };
  await putController(arena, { kind: "deployments", name: "tight", replicas: 4 });
  await putController(arena, { kind: "deployments", name: "loose", replicas: 6, annotations });
  await putBudget(arena, "tight", { maxUnavailable: 1 });
  await putBudget(arena, "loose", { minAvailable: 3 });
};

const story = once(async ({ kube }: Site): Promise<Story> => {
  let arena = await openArena(kube, "budgets", 2);
  try {
    await furnish(arena);
    arena = await stage(arena, 15);
    const before = await agentsOf(arena);
    const tape = await tapePods(arena);
    const running = startDrain(arena, PATIENT);
    const outcome = await running.outcome;
    tape.stop();
    const totals = running.transitions.reduce(countTransition, NO_TOTALS);
    return { outcome, totals, agents: [before, await agentsOf(arena)], tape };
  } finally {
    await closeArena(arena);
  }
});

const countOf = (totals: Totals, name: string, labels: object): number | undefined =>
  [...totals.values()].find(
    sample => sample.name === name && JSON.stringify(sample.labels) === JSON.stringify(labels),
  )?.value;

const calm = ({ both }: Bench): void => {
  both("#81 pods of a DaemonSet that could not be evicted do not keep the drain from success", async site => {
    const { outcome, agents } = await story(site);
    expect(outcome.kind).toBe("drained");
    expect(agents[0]).toHaveLength(2);
    expect(agents[1]?.map(({ uid }) => uid).sort()).toEqual(agents[0]?.map(({ uid }) => uid).sort());
  });

  both(
    "#84 a pod that is back elsewhere under its old name counts as gone, and is left alone there",
    async site => {
      const { outcome, tape } = await story(site);
      expect(outcome).toMatchObject({ kind: "drained", moved: 13 });
      const ended = endingsOn(tape, "store").map(({ object }) => object);
      expect(namesOf(ended)).toEqual(["store-0", "store-1", "store-2"]);
      expect(ended.every(isBlue)).toBe(true);
      expect(livesOn(tape, "store")).toEqual(MOVED_ONCE);
    },
  );

  both(
    "#85 as many go at a time as a budget allows: one of the tight one, more of the loose one",
    async site => {
      const { tape } = await story(site);
      expect(fewestOn(tape, "tight", 4)).toBe(3);
      expect(fewestOn(tape, "loose", 6)).toBeGreaterThanOrEqual(3);
      expect(fewestOn(tape, "loose", 6)).toBeLessThan(5);
    },
  );

  both("#103 each eviction, emptied node and run is counted once, by what the server said", async site => {
    const { totals } = await story(site);
    expect(countOf(totals, "drain_evictions_total", { code: "201", cause: "" })).toBe(13);
    expect(countOf(totals, "drain_nodes_emptied_total", {})).toBe(2);
    expect(countOf(totals, "drain_runs_total", { outcome: "drained" })).toBe(1);
    const latencies = countOf(totals, "drain_eviction_latency_seconds_count", {}) ?? 0;
    expect(latencies).toBeGreaterThanOrEqual(13);
    expect(countOf(totals, "drain_eviction_latency_seconds_sum", {})).toBeGreaterThan(0);
  });
};

const covered = ({ both }: Bench): void =>
  both(
    "#85 pods that two budgets cover are not evicted at all, and both budgets are named",
    inArena("covered", 1, async opened => {
      await putController(opened, { kind: "deployments", name: "web", replicas: 2 });
      await putBudget(opened, "web", { maxUnavailable: 1 });
      const path = `/apis/policy/v1/namespaces/${opened.name}/poddisruptionbudgets`;
      const selector = { matchLabels: { app: "web" } };
      const body = { metadata: { name: "again" }, spec: { maxUnavailable: 1, selector } };
      await opened.kube.request({ method: "POST", path, body });
      const arena = await stage(opened, 2);
      const tape = await tapePods(arena);
      const outcome = await startDrain(arena).outcome;
      tape.stop();
      expect(blockedBy(outcome)["MULTIPLE_PDBS"]).toHaveLength(2);
      expect(outcome.kind === "blocked" && outcome.reasons.join()).toContain("(again, web)");
      expect(endingsOn(tape)).toEqual([]);
    }),
  );

type Fault = (name: string, send: () => Promise<unknown>) => Promise<unknown>;

/** The real server, but evictions pass through a bad line: a healthy server does not fail on demand. */
const badLine = (kube: KubeClient, fault: Fault): KubeClient => ({
  server: kube.server,
  watch: call => kube.watch(call),
  close: () => Promise.resolve(),
  request: <T>(call: Parameters<KubeClient["request"]>[0]): Promise<T> => {
    if (!isEviction(call)) return kube.request<T>(call);
    const name = call.path.split("/").at(-2) ?? "";
    return fault(name, () => kube.request(call)) as Promise<T>;
  },
});

/** True the first time that a name is asked about. */
const firstTime = (): ((name: string) => boolean) => {
  const seen = new Set<string>();
  return name => {
    const isNew = !seen.has(name);
    seen.add(name);
    return isNew;
  };
};

const CUT = { kind: "unreachable", message: "cut", mayHaveApplied: true } as const;
const BUSY = { kind: "server", message: "busy", status: 503, mayHaveApplied: true } as const;

const faults = ({ both }: Bench): void => {
  const storeOn = async (opened: Arena): Promise<Arena> => {
    await putStore(opened);
    return stage(opened, 3);
  };
  const drained = async (arena: Arena, fault: Fault): Promise<void> => {
    const tape = await tapePods(arena);
    const running = startDrain(arena, PATIENT, { kube: badLine(arena.kube, fault) });
    expect(await running.outcome).toMatchObject({ kind: "drained", moved: 3 });
    tape.stop();
    expect(livesOn(tape, "store")).toEqual(MOVED_ONCE);
    expect(fewestOn(tape, "store", 3)).toBeGreaterThanOrEqual(2);
  };

  both(
    "#82 evictions that fail at first are tried again until they succeed",
    inArena("failing", 1, async opened => {
      const first = firstTime();
      const failed: string[] = [];
      await drained(await storeOn(opened), (name, send) => {
        if (!first(name)) return send();
        failed.push(name);
        return Promise.reject(new KubeError(BUSY));
      });
      expect(failed.sort()).toEqual(["store-0", "store-1", "store-2"]);
    }),
  );

  both(
    "#107 an eviction whose answer is lost is not made again on the successor of the same name",
    inArena("unheard", 1, async opened => {
      const first = firstTime();
      let lost = 0;
      await drained(await storeOn(opened), async (name, send) => {
        const answer = await send();
        if (!first(name)) return answer;
        lost += 1;
        throw new KubeError(CUT);
      });
      expect(lost).toBe(3);
    }),
  );
};

const outside = ({ both }: Bench): void =>
  both(
    "#101 a condition that cannot be read forbids evictions until it can",
    inArena("unknown", 1, async opened => {
      await putController(opened, { kind: "deployments", name: "web", replicas: 2 });
      const arena = await stage(opened, 2);
      let known = false;
      const guards = () => [
        { name: "alerts", state: known ? "open" : "unknown", then: "hold", reason: "no answer" } as const,
      ];
      const tape = await tapePods(arena);
      const running = startDrain(arena, { guards });
      await until("a word about what holds it", () =>
        running.progress.find(({ held }) => held.includes("alerts is unknown: no answer")),
      );
      expect(endingsOn(tape)).toEqual([]);
      known = true;
      expect(await running.outcome).toMatchObject({ kind: "drained", moved: 2 });
      tape.stop();
    }),
  );

/** 80 to 85, 101, 103 and 107: what lets pods go, and what is counted. */
export const budgetCases = (bench: Bench): void => {
  misconfigured(bench);
  calm(bench);
  covered(bench);
  faults(bench);
  outside(bench);
};
