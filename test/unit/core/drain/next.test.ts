import { type Answer, classifyFailure } from "../../../../core/drain/answers";
import type { DrainEvent } from "../../../../core/drain/events";
import { next } from "../../../../core/drain/next";
import { createState } from "../../../../core/drain/state";
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
} from "../../../support/drainSimulator/builders";
import { SPEC } from "../../../support/drainSimulator/run";

const web = [1, 2, 3].map(index => pod(`web-${index}`));
const cluster = [
  set.node(node("blue-0")),
  set.workload(workload(3)),
  set.budget(budget()),
  ...web.map(set.pod),
];

const answer =
  (name: string, reply: Answer) =>
  (now: number): DrainEvent => ({
    kind: "answered",
    now,
    uid: `uid-${name}`,
    answer: reply,
  });

const going = (name: string, at = START) => set.pod(pod(name, { deletingSince: at, ready: false }));

describe("a budget", () => {
  it("with one slot has one eviction in flight, with the pod's uid and node", () => {
    const { first } = talk(cluster);
    expect(first[0]).toEqual({
      kind: "evict",
      uid: "uid-web-1",
      namespace: "shop",
      name: "web-1",
      node: "blue-0",
      budget: "pdb:shop/web",
    });
    expect(evictions(first)).toEqual(["web-1"]);
  });

  it("gives nothing more after an accepted eviction until its status has shown that one", () => {
    const engine = talk(cluster);
    expect(evictions(engine.send(answer("web-1", { kind: "accepted" })))).toEqual([]);
    expect(
      evictions(
        engine.see(set.budget(budget({ resourceVersion: "2", allowed: 0, disruptedPods: ["web-1"] }))),
      ),
    ).toEqual([]);
    expect(evictions(engine.see(set.budget(budget({ resourceVersion: "3", allowed: 1 }))))).toEqual([
      "web-2",
    ]);
  });

  it("takes no word from before an eviction for one that counts it, when the watch falls silent then", () => {
    const engine = talk(cluster);
    // On its way before the server wrote what the eviction cost; that word itself is lost.
    expect(evictions(engine.see(set.budget(budget({ resourceVersion: "2", allowed: 1 }))))).toEqual([]);
    engine.send(answer("web-1", { kind: "accepted" }));
    expect(evictions(engine.see(going("web-1")))).toEqual([]);
    expect(evictions(engine.after(2))).toEqual([]);
    expect(evictions(engine.see(set.budget(budget({ resourceVersion: "5", allowed: 1 }))))).toEqual([
      "web-2",
    ]);
  });

  it("counts a slot for a pod that needed none and got Ready while its eviction was under way", () => {
    const engine = talk([...cluster, set.pod(pod("web-1", { ready: false }))]);
    expect(evictions(engine.first)).toEqual(["web-1", "web-2"]);
    const calm = talk([...cluster.slice(0, 3), set.pod(pod("web-1", { ready: false }))]);
    expect(evictions(calm.first)).toEqual(["web-1"]);
    calm.see(set.pod(pod("web-1")));
    calm.send(answer("web-1", { kind: "accepted" }));
    expect(evictions(calm.see(set.pod(pod("web-2"))))).toEqual([]);
    expect(
      evictions(calm.see(set.budget(budget({ resourceVersion: "2", allowed: 1, disruptedPods: ["web-1"] })))),
    ).toEqual(["web-2"]);
  });

  // No real API server loses twenty writes of one budget's status in a row at a test's wish.
  it("#36 has one eviction in flight after a 504 too, and the pod is asked for again when it is over", () => {
    const engine = talk([...cluster, set.budget(budget({ allowed: 2, needed: 1 }))]);
    const contended = classifyFailure({
      status: 504,
      message: "couldn't update PodDisruptionBudget web due to conflicts",
      causes: [],
      retryAfterSeconds: 10,
      mayHaveApplied: true,
    });
    expect(evictions(engine.send(answer("web-1", contended)))).toEqual(["web-2"]);
    expect(evictions(engine.after(10))).toEqual([]);
    expect(evictions(engine.send(answer("web-2", { kind: "accepted" })))).toEqual(["web-1"]);
  });

  it("with few slots uses the next one at once when the one before is answered", () => {
    const engine = talk([...cluster, set.budget(budget({ allowed: 3, needed: 0 }))]);
    expect(evictions(engine.first)).toEqual(["web-1"]);
    expect(evictions(engine.send(answer("web-1", { kind: "accepted" })))).toEqual(["web-2"]);
  });

  it("is left alone after a refusal until its next word", () => {
    const engine = talk(cluster);
    expect(evictions(engine.send(answer("web-1", { kind: "budgetFull", message: "" })))).toEqual([]);
    expect(evictions(engine.after(4))).toEqual([]);
    expect(evictions(engine.see(set.budget(budget({ resourceVersion: "2" }))))).toEqual(["web-1"]);
  });

  it("is asked again without a word after some seconds, in case the watch missed it", () => {
    const engine = talk(cluster);
    engine.send(answer("web-1", { kind: "budgetFull", message: "" }));
    expect(evictions(engine.after(6))).toEqual(["web-1"]);
  });

  it("gives up a pod that needs no slot first, even when it has none", () => {
    const sick = pod("web-9", { ready: false });
    const full = budget({ allowed: 0, healthy: 2 });
    expect(evictions(talk([...cluster, set.pod(sick), set.budget(full)]).first)).toEqual(["web-9"]);
  });

  it("keeps a not-Ready pod too while it is below its floor, unless it always allows the unhealthy to go", () => {
    const sick = pod("web-9", { ready: false });
    const low = budget({ allowed: 0, healthy: 1 });
    expect(evictions(talk([...cluster, set.pod(sick), set.budget(low)]).first)).toEqual([]);
    const lenient = set.budget({ ...low, alwaysAllowUnhealthy: true });
    expect(evictions(talk([...cluster, set.pod(sick), lenient]).first)).toEqual(["web-9"]);
  });
});

describe("a workload without a budget", () => {
  const plain = (count: number, kind = "ReplicaSet") => [
    set.node(node("blue-0")),
    set.workload(workload(count, { kind })),
    ...Array.from({ length: count }, (_, index) =>
      set.pod(pod(`web-${index}`, { owner: { apiVersion: "apps/v1", kind, name: "web", uid: "rs-web" } })),
    ),
  ];

  it("may miss a quarter of its pods, counted from what is available", () => {
    const engine = talk(plain(8));
    expect(evictions(engine.first)).toEqual(["web-0", "web-1"]);
    expect(evictions(engine.send(answer("web-0", { kind: "accepted" })))).toEqual([]);
    expect(evictions(engine.send(answer("web-1", { kind: "accepted" })))).toEqual([]);
    expect(evictions(engine.see(set.pod(pod("new", { node: "green-0" }))))).toEqual(["web-2"]);
  });

  it("counts a pod as going while nobody knows whether its eviction succeeded, and asks again for that one only", () => {
    const engine = talk(plain(4));
    const lost: Answer = { kind: "later", afterMs: 1_000, reason: "reset", uncertain: true };
    expect(evictions(engine.send(answer("web-0", lost)))).toEqual([]);
    expect(evictions(engine.after(2))).toEqual(["web-0"]);
  });

  it("loses its not-Ready pods at once, each only as long as it stays so, and beside them no more than it may", () => {
    const sick = ["web-1", "web-2"].map(name => set.pod(pod(name, { ready: false })));
    const engine = talk([...plain(8), ...sick]);
    expect(engine.first.filter(action => action.kind === "evict")).toEqual([
      expect.objectContaining({ name: "web-1", asUnready: true }),
      expect.objectContaining({ name: "web-2", asUnready: true }),
    ]);
    engine.see(set.pod(pod("web-1")));
    expect(evictions(engine.send(answer("web-1", { kind: "changed" })))).toEqual(["web-0"]);
    expect(evictions(engine.after(60))).toEqual([]);
  });

  it("may miss one pod when its pods have an identity", () => {
    const engine = talk(plain(8, "StatefulSet"));
    expect(evictions(engine.send(answer("web-0", { kind: "accepted" })))).toEqual([]);
  });

  it("moves at all when it is a single pod, which is said", () => {
    expect(talk(plain(1)).first[0]).toMatchObject({
      kind: "evict",
      takesDown: "ReplicaSet shop/web (no PDB)",
    });
  });

  it("waits while its owner is not known", () => {
    expect(evictions(talk([set.node(node("blue-0")), set.pod(pod("web-0"))]).first)).toEqual([]);
  });
});

describe("a pod", () => {
  it("is not acted on under the uid of a predecessor of the same name", () => {
    const heir = pod("web-1", { uid: "heir", createdAt: 5, node: "green-0" });
    expect(evictions(talk([...cluster, set.pod(heir)]).first)).toEqual(["web-2"]);
  });

  it("is left to others when several budgets select it, and the rest goes on", () => {
    const second = budget({ uid: "pdb-2", name: "also", selector: {} });
    const engine = talk([...cluster, set.budget(second)]);
    expect(evictions(engine.first)).toEqual([]);
    expect(outcomeOf(engine.after(6))).toMatchObject({
      kind: "blocked",
      reasons: [{ code: "MULTIPLE_PDBS", pods: ["shop/web-1", "shop/web-2", "shop/web-3"] }],
    });
  });

  it("that the server refuses to evict is blocked with the server's words", () => {
    const engine = talk([set.node(node("blue-0")), set.workload(workload(1)), set.pod(pod("web-1"))]);
    engine.send(answer("web-1", { kind: "refused", message: "admission webhook says no" }));
    expect(outcomeOf(engine.after(6))).toMatchObject({
      kind: "blocked",
      reasons: [{ code: "EVICTION_REFUSED", message: "admission webhook says no", pods: ["shop/web-1"] }],
    });
  });

  it("is tried again when its accepted eviction never happened", () => {
    const engine = talk([set.node(node("blue-0")), set.workload(workload(1)), set.pod(pod("web-1"))]);
    engine.send(answer("web-1", { kind: "accepted" }));
    expect(evictions(engine.after(30))).toEqual([]);
    expect(evictions(engine.after(31))).toEqual(["web-1"]);
  });
});

describe("a run", () => {
  it("decides nothing before every watch has delivered", () => {
    const state = createState(SPEC, START);
    const [seen, early] = next(state, { kind: "observed", now: START, changes: cluster });
    expect(early).toEqual([]);
    expect(evictions(next(seen, { kind: "synced", now: START })[1])).toEqual(["web-1"]);
  });

  it("whose time is up before that says that it does not know what is left", () => {
    const state = createState({ ...SPEC, deadlineMs: 1_000 }, START);
    const [, actions] = next(state, { kind: "tick", now: START + 1_000 });
    expect(actions).toMatchObject([{ kind: "finish", outcome: { kind: "paused" } }]);
    expect(JSON.stringify(actions)).toContain("what is left is not known");
  });

  it("does nothing more after its end", () => {
    const engine = talk([set.node(node("blue-0"))]);
    expect(outcomeOf(engine.after(6))).toMatchObject({ kind: "drained" });
    expect(engine.see(...cluster)).toEqual([]);
  });

  it("ends on a signal even before the watches have delivered", () => {
    const [, actions] = next(createState(SPEC, START), { kind: "cancelled", now: START, reason: "Ctrl-C" });
    const outcome = outcomeOf(actions);
    expect(outcome).toMatchObject({ kind: "stopped", moved: 0 });
    expect(JSON.stringify(outcome)).toContain("Ctrl-C, before everything there was read");
  });

  it("is not drained while a blue node could be filled again", () => {
    const engine = talk([set.node(node("blue-0", { fenced: false }))], { timeoutMs: 60_000 });
    expect(outcomeOf(engine.after(30))).toBeUndefined();
    expect(outcomeOf(engine.after(31))).toMatchObject({ kind: "blocked", reasons: [{ code: "NOT_FENCED" }] });
  });

  it("is drained only after a quiet time, and when what moved is available again", () => {
    const engine = talk([set.node(node("blue-0")), set.workload(workload(1)), set.pod(pod("web-1"))]);
    engine.send(answer("web-1", { kind: "accepted" }));
    engine.see(going("web-1"), gone(pod("web-1")));
    expect(outcomeOf(engine.after(10))).toBeUndefined();
    expect(outcomeOf(engine.see(set.pod(pod("heir", { node: "green-0" }))))).toMatchObject({
      kind: "drained",
      moved: 1,
      remaining: 0,
      nodes: { empty: 1, total: 1 },
    });
  });

  it("is drained only when the last eviction is answered, and counts it", () => {
    const engine = talk([set.node(node("blue-0")), set.workload(workload(1)), set.pod(pod("web-1"))]);
    const heir = set.pod(pod("heir", { node: "green-0" }));
    engine.see(going("web-1"), gone(pod("web-1")), heir);
    expect(outcomeOf(engine.after(10))).toBeUndefined();
    const ended = engine.send(answer("web-1", { kind: "accepted" }));
    expect(outcomeOf(ended)).toMatchObject({ kind: "drained", moved: 1 });
  });

  it("counts the quiet time from the cordon: after it no pod can come", () => {
    const moving = [set.workload(workload(1)), set.pod(pod("web-1"))];
    const engine = talk([set.node(node("blue-0")), ...moving]);
    engine.send(answer("web-1", { kind: "accepted" }));
    engine.after(6);
    const ready = set.pod(pod("heir", { node: "green-0" }));
    expect(outcomeOf(engine.see(going("web-1"), gone(pod("web-1")), ready))).toMatchObject({
      kind: "drained",
    });
  });

  it("picks up a pod that lands on a quiet node", () => {
    const engine = talk([set.node(node("blue-0")), set.workload(workload(1))]);
    engine.after(4);
    expect(evictions(engine.see(set.pod(pod("late", { createdAt: START + 1 }))))).toEqual(["late"]);
  });

  it("names what a budget needs and has when its spec lets nothing go", () => {
    const engine = talk([...cluster, set.budget(budget({ allowed: 0, needed: 3 }))]);
    expect(outcomeOf(engine.after(3))).toBeUndefined();
    expect(outcomeOf(engine.after(3))).toMatchObject({
      kind: "blocked",
      reasons: [{ code: "BLOCKED_BY_SPEC", budget: "PDB shop/web", needs: 3, has: 3, seconds: 6 }],
    });
  });

  it("waits for a busy budget as long as anything moves, then calls it blocked", () => {
    const engine = talk([...cluster, set.budget(budget({ allowed: 0, healthy: 2 }))], { timeoutMs: 60_000 });
    expect(outcomeOf(engine.after(59))).toBeUndefined();
    expect(outcomeOf(engine.after(2))).toMatchObject({ kind: "blocked", reasons: [{ code: "BUSY" }] });
  });

  it("pauses at its deadline, after the evictions under way are through", () => {
    const engine = talk(cluster, { deadlineMs: 5_000 });
    engine.send(answer("web-1", { kind: "accepted" }));
    engine.see(going("web-1"));
    expect(outcomeOf(engine.after(6))).toBeUndefined();
    expect(outcomeOf(engine.see(gone(pod("web-1"))))).toMatchObject({
      kind: "paused",
      moved: 1,
      remaining: 2,
    });
  });

  it("ends at once when the lease is lost, whatever is under way", () => {
    const engine = talk(cluster);
    const lost = { name: "lease", state: "closed", then: "lostLease", reason: "taken by b" } as const;
    expect(outcomeOf(engine.send(now => ({ kind: "guards", now, guards: [lost] })))).toMatchObject({
      kind: "lostLease",
      reason: "lease is closed: taken by b",
    });
  });

  it("holds while a guard is closed or unknown, without counting that as standstill", () => {
    const engine = talk(cluster.slice(0, 3), { timeoutMs: 10_000 });
    const held = { name: "slo", state: "unknown", then: "hold" } as const;
    engine.send(now => ({ kind: "guards", now, guards: [held] }));
    expect(evictions(engine.see(...web.map(set.pod)))).toEqual([]);
    expect(outcomeOf(engine.after(60))).toBeUndefined();
    const open = { ...held, state: "open" } as const;
    expect(evictions(engine.send(now => ({ kind: "guards", now, guards: [open] })))).toEqual(["web-1"]);
  });

  it("fences blue nodes that join late, and one that somebody uncordoned, each once in a while", () => {
    const engine = talk([set.node(node("blue-0"))]);
    const late = [set.node(node("blue-1", { fenced: false })), set.node(node("blue-0", { cordoned: false }))];
    expect(engine.see(...late).filter(({ kind }) => kind === "fence")).toEqual([
      { kind: "fence", node: "blue-0" },
      { kind: "fence", node: "blue-1" },
    ]);
    expect(engine.after(1).filter(({ kind }) => kind === "fence")).toEqual([]);
    expect(engine.after(5).filter(({ kind }) => kind === "fence")).toHaveLength(2);
  });

  it("halves what it sends at once when the API server is short of breath, and holds as long as it is asked to", () => {
    const engine = talk(cluster);
    expect(evictions(engine.send(answer("web-1", { kind: "throttled", afterMs: 2_000 })))).toEqual([]);
    expect(engine.state().pressure.limit).toBe(5);
    expect(evictions(engine.after(1))).toEqual([]);
    expect(evictions(engine.after(1))).toEqual(["web-1"]);
  });

  it("begins with the budget that will take longest", () => {
    const long = Array.from({ length: 5 }, (_, index) => pod(`db-${index}`, { labels: { app: "db" } }));
    const slow = budget({ uid: "pdb-db", name: "db", selector: { matchLabels: { app: "db" } } });
    const engine = talk([...cluster, ...long.map(set.pod), set.budget(slow)], {
      concurrency: { start: 1, ceiling: 1 },
    });
    expect(evictions(engine.first)).toEqual(["db-0"]);
  });

  it("stops moving pods that keep coming back to a node that is not cordoned", () => {
    const engine = talk([set.node(node("blue-0")), set.workload(workload(1))], { cordon: false });
    const back = pod("back", { createdAt: START + 1_000 });
    engine.after(2);
    expect(evictions(engine.see(set.pod(back)))).toEqual(["back"]);
    engine.send(answer("back", { kind: "accepted" }));
    engine.see(gone(back));
    expect(evictions(engine.see(set.pod(pod("again", { createdAt: START + 2_000 }))))).toEqual([]);
    expect(outcomeOf(engine.after(6))).toMatchObject({
      kind: "blocked",
      reasons: [{ code: "RETURNS_TO_BLUE" }],
    });
  });
});
