import type { Change, PodFact } from "../../../../../core/drain/facts";
import type { Guard } from "../../../../../core/drain/guards";
import {
  budget,
  evictions,
  gone,
  node,
  outcomeOf,
  pod,
  set,
  START,
  talk,
  workload,
} from "../../../../support/drainSimulator/builders";

const WATCHED = { sentries: {}, timeoutMs: 3_600_000 };

const cluster: readonly Change[] = [
  set.node(node("blue-0")),
  set.node(node("green-0", { labels: { pool: "green" }, cordoned: false })),
  set.workload(workload(6)),
  set.budget(budget({ allowed: 6, expected: 6, healthy: 6, needed: 0 })),
  ...[1, 2, 3, 4, 5, 6].map(n => set.pod(pod(`web-${n}`))),
];

const heir = (name: string, more: Partial<PodFact> = {}): Change =>
  set.pod(pod(name, { node: "green-0", createdAt: START, ready: false, ...more }));

const crashing = (name: string): Change => heir(name, { trouble: "CrashLoopBackOff" });

const open = () => talk(cluster, WATCHED);
type Engine = ReturnType<typeof open>;

const guard = (engine: Engine, name: string): Guard | undefined =>
  engine.state().guards.find(one => one.name === name);

const accept = (engine: Engine, name: string) =>
  engine.send(now => ({ kind: "answered", now, uid: `uid-${name}`, answer: { kind: "accepted" } }));

describe("a Job whose pod was evicted", () => {
  const owner = { apiVersion: "batch/v1", kind: "Job", name: "import", uid: "job" };
  const job = (desired: number): Change =>
    set.workload(workload(desired, { uid: "job", kind: "Job", name: "import" }));
  const task = (name: string, more: Partial<PodFact> = {}): PodFact =>
    pod(name, { owner, labels: { app: "import" }, ...more });
  const begin = () => {
    const engine = talk([...cluster.slice(0, 2), job(1), set.pod(task("one"))], WATCHED);
    accept(engine, "one");
    engine.see(gone(task("one")));
    return engine;
  };

  it("is not waited for while it backs off: it is enough that its pod has left", () => {
    const engine = begin();
    expect(engine.state().settlement.unsettled.size).toBe(0);
    expect(outcomeOf(engine.after(6))).toMatchObject({ kind: "drained", moved: 1 });
  });

  it("closes no guard by tries that failed, however many there are", () => {
    const engine = begin();
    const failed = {
      node: "green-0",
      createdAt: START,
      ready: false,
      phase: "Failed",
      trouble: "Error",
    } as const;
    engine.see(...["two", "three", "four"].map(name => set.pod(task(name, failed))));
    expect(engine.state().guards.filter(({ state }) => state !== "open")).toEqual([]);
  });

  it("closes the guard by pods that cannot start where they are now", () => {
    const engine = talk(
      [...cluster.slice(0, 2), job(2), ...["one", "two"].map(name => set.pod(task(name)))],
      WATCHED,
    );
    const stuck = { node: "green-0", createdAt: START, ready: false, trouble: "ImagePullBackOff" };
    engine.see(...["three", "four"].map(name => set.pod(task(name, stuck))));
    expect(guard(engine, "readiness of what moved")?.state).toBe("closed");
  });
});

describe("readiness of what moved", () => {
  it("#89 ends the evictions with the same look that shows the second crashing replacement", () => {
    const engine = open();
    engine.see(crashing("a"));
    expect(guard(engine, "readiness of what moved")?.state).toBe("open");
    engine.see(crashing("b"));
    expect(guard(engine, "readiness of what moved")).toEqual({
      name: "readiness of what moved",
      state: "closed",
      then: "hold",
      reason: "shop/a, shop/b: CrashLoopBackOff",
    });
    expect(evictions(accept(engine, "web-1"))).toEqual([]);
  });

  it("is closed by a single one when the whole workload is down", () => {
    const engine = talk([...cluster.slice(0, 2), set.workload(workload(1)), set.pod(pod("web-1"))], WATCHED);
    accept(engine, "web-1");
    engine.see(gone(pod("web-1")), crashing("a"));
    expect(guard(engine, "readiness of what moved")?.state).toBe("closed");
  });

  it("counts replacements that were Ready and are so no more", () => {
    const engine = open();
    engine.see(heir("a", { ready: true }), heir("b", { ready: true }));
    engine.see(heir("a"), heir("b"));
    expect(guard(engine, "readiness of what moved")?.state).toBe("closed");
  });

  it("takes a replacement that only starts, and pods made before, for well", () => {
    const engine = open();
    engine.see(heir("a"), heir("b"), heir("old", { createdAt: 0, trouble: "Error" }));
    engine.see(heir("elder", { createdAt: 0, trouble: "Error" }));
    expect(guard(engine, "readiness of what moved")?.state).toBe("open");
  });

  it("#88 opens only after fifteen steady seconds, and starts to count again when it happens anew", () => {
    const engine = open();
    engine.see(crashing("a"), crashing("b"));
    const well = heir("b", { ready: true });
    engine.see(well);
    engine.after(10);
    engine.see(crashing("b"));
    engine.see(well);
    engine.after(14);
    expect(guard(engine, "readiness of what moved")?.state).toBe("closed");
    expect(evictions(engine.after(1)).length + evictions(accept(engine, "web-1")).length).toBeGreaterThan(0);
  });
});

describe("other sentries", () => {
  it("wait for replacements that no node takes for a minute", () => {
    const engine = open();
    const { node: _, ...homeless } = pod("a", { createdAt: START, ready: false, unschedulable: "0/4 nodes" });
    engine.see(set.pod(homeless));
    engine.after(60);
    expect(guard(engine, "pending pods")?.state).toBe("open");
    engine.after(1);
    expect(guard(engine, "pending pods")).toMatchObject({
      state: "closed",
      reason: "no node takes shop/a: 0/4 nodes",
    });
  });

  it("wait while a node that stays goes away, but not for ever, and not for one that was never Ready", () => {
    const engine = open();
    const green = (name: string, ready: boolean) =>
      set.node(node(name, { labels: { pool: "green" }, cordoned: false, ready }));
    engine.see(green("green-1", false));
    expect(guard(engine, "other nodes")?.state).toBe("open");
    engine.see(green("green-0", false));
    expect(guard(engine, "other nodes")).toMatchObject({ state: "closed", reason: "green-0 went away" });
    engine.after(300);
    engine.after(30);
    expect(guard(engine, "other nodes")?.state).toBe("open");
  });

  it("do not mind a lost node that is to be emptied", () => {
    const engine = open();
    engine.see(set.node(node("blue-0", { ready: false })));
    expect(guard(engine, "other nodes")?.state).toBe("open");
  });

  it("wait when pods have to make room", () => {
    const engine = open();
    engine.see(heir("victim", { createdAt: 0, preempted: true, deletingSince: START + 1 }));
    expect(guard(engine, "preemption")?.state).toBe("closed");
  });

  it("wait when answers in a row tell of pressure, and go on when it is over", () => {
    const engine = open();
    for (let n = 0; n < 5; n++) {
      const uid = [...engine.state().attempts].find(([, { phase }]) => phase === "posted")?.[0] ?? "";
      engine.send(now => ({ kind: "answered", now, uid, answer: { kind: "throttled", afterMs: 0 } }));
    }
    expect(guard(engine, "API server")?.state).toBe("closed");
    engine.after(10);
    expect(evictions(engine.after(10))).not.toEqual([]);
  });
});

describe("what a lasting alarm asks for", () => {
  const finish = (engine: Engine): void => {
    for (const name of evictions(engine.first)) {
      accept(engine, name);
      engine.see(gone(pod(name)));
    }
  };

  it("is a rollback, once patience is at its end, where the policy says so", () => {
    const engine = talk(cluster, { ...WATCHED, sentries: { policy: "rollback", patienceMs: 60_000 } });
    engine.see(crashing("a"), crashing("b"));
    finish(engine);
    expect(outcomeOf(engine.after(59))).toBeUndefined();
    engine.after(1);
    expect(outcomeOf(engine.after(11))).toMatchObject({ kind: "rollback" });
  });

  it("is to hold, and the run ends blocked with the guard's words when nothing goes on", () => {
    const engine = talk(cluster, { ...WATCHED, timeoutMs: 60_000 });
    engine.see(crashing("a"), crashing("b"));
    finish(engine);
    expect(outcomeOf(engine.after(59))).toBeUndefined();
    expect(outcomeOf(engine.after(2))).toMatchObject({
      kind: "blocked",
      reasons: expect.arrayContaining([
        expect.objectContaining({ code: "GUARD_CLOSED", seconds: 61 }),
      ]) as unknown,
    });
  });
});

it("nothing is watched where nobody asked for it", () => {
  const engine = talk(cluster);
  engine.see(crashing("a"), crashing("b"));
  expect(engine.state().guards).toEqual([]);
});
