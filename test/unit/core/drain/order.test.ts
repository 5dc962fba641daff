import type { Change, PodFact } from "../../../../core/drain/facts";
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

const nodes = [set.node(node("blue-0")), set.node(node("blue-1"))];

/** Each pod a workload of its own, without a PDB. */
const single = (name: string, more: Partial<PodFact> = {}): readonly Change[] => [
  set.workload(workload(1, { uid: `rs-${name}`, name })),
  set.pod(
    pod(name, {
      owner: { apiVersion: "apps/v1", kind: "ReplicaSet", name, uid: `rs-${name}` },
      labels: { app: name },
      ...more,
    }),
  ),
];

const answered =
  (name: string, kind: "accepted" | "gone" = "accepted") =>
  (now: number) =>
    ({ kind: "answered", now, uid: `uid-${name}`, answer: { kind } }) as const;

const replacement = (name: string): Change =>
  set.pod(
    pod(`${name}-new`, {
      node: "green-0",
      createdAt: START,
      owner: { apiVersion: "apps/v1", kind: "ReplicaSet", name, uid: `rs-${name}` },
    }),
  );

const CRITICAL = { priorityClass: "system-cluster-critical" };

describe("critical pods", () => {
  it("go only when every other pod has left blue, on all nodes", () => {
    const engine = talk([...nodes, ...single("dns", CRITICAL), ...single("web", { node: "blue-1" })]);
    expect(evictions(engine.first)).toEqual(["web"]);
    engine.send(answered("web"));
    const ending = pod("web", { node: "blue-1", deletingSince: START });
    expect(evictions(engine.see(set.pod(ending)))).toEqual([]);
    expect(evictions(engine.see(gone(ending)))).toEqual(["dns"]);
  });

  it("are not held up by pods that may not be moved", () => {
    const engine = talk([...nodes, ...single("dns", CRITICAL), set.pod(pod("naked", { owner: undefined }))]);
    expect(evictions(engine.first)).toEqual(["dns"]);
  });

  it("are not held up for ever by a budget that lets nothing go", () => {
    const stuck = [
      set.workload(workload(1)),
      set.pod(pod("web")),
      set.budget(budget({ allowed: 0, expected: 1, healthy: 1, needed: 1 })),
    ];
    const engine = talk([...nodes, ...stuck, ...single("dns", CRITICAL)]);
    expect(evictions(engine.first)).toEqual([]);
    expect(evictions(engine.after(6))).toEqual(["dns"]);
  });

  it("are reported as waiting for the others when those never leave", () => {
    const busy = [
      set.workload(workload(3)),
      set.pod(pod("web")),
      set.budget(budget({ allowed: 0, healthy: 2 })),
    ];
    const engine = talk([...nodes, ...busy, ...single("dns", CRITICAL)], { timeoutMs: 60_000 });
    expect(outcomeOf(engine.after(61))).toMatchObject({
      kind: "blocked",
      reasons: [
        { code: "BUSY", pods: ["shop/web"] },
        { code: "WAITS_FOR_TIER", pods: ["shop/dns"] },
      ],
    });
  });
});

describe("a pod whose end is waited for", () => {
  const job = pod("job", { labels: { app: "job", "cluster.x-k8s.io/drain": "wait-completed" } });
  const setting = [...nodes, set.workload(workload(1)), set.pod(job)];

  it("is never evicted, is counted, and keeps the run from ending", () => {
    const engine = talk(setting, { timeoutMs: 60_000 });
    expect(evictions(engine.first)).toEqual([]);
    expect(outcomeOf(engine.after(600))).toBeUndefined();
    const done = { ...job, phase: "Succeeded", ready: false } as const;
    expect(outcomeOf(engine.see(set.pod(done)))).toMatchObject({ kind: "drained", moved: 0 });
  });

  it("blocks the run after a deadline of its own, with its reason", () => {
    const engine = talk(setting, { awaitMs: 120_000 });
    expect(outcomeOf(engine.after(119))).toBeUndefined();
    expect(outcomeOf(engine.after(1))).toMatchObject({
      kind: "blocked",
      remaining: 1,
      reasons: [{ code: "WAIT_COMPLETED", pods: ["shop/job"], seconds: 120 }],
    });
  });

  it("that asks for time is moved when its time is over", () => {
    const busy = pod("job", { annotations: { "karpenter.sh/do-not-disrupt": "10m" }, startedAt: START });
    const engine = talk([...nodes, set.workload(workload(1)), set.pod(busy)]);
    expect(evictions(engine.after(599))).toEqual([]);
    expect(evictions(engine.after(1))).toEqual(["job"]);
  });
});

describe("volumes", () => {
  const hanging = (more: object = {}): Change => ({
    type: "set",
    object: {
      kind: "attachment",
      fact: { uid: "va-1", name: "csi-1", node: "blue-0", claim: "shop/data", ...more },
    },
  });
  const released: Change = { type: "gone", kind: "attachment", uid: "va-1" };
  const emptied = (...changes: readonly Change[]) => {
    const engine = talk([...nodes, ...single("db", { claims: ["data"] }), ...changes]);
    engine.send(answered("db"));
    engine.see(gone(pod("db")), replacement("db"));
    return engine;
  };

  it("#74 of pods that left are waited for before the node counts as empty", () => {
    const engine = emptied(hanging());
    expect(outcomeOf(engine.after(60))).toBeUndefined();
    expect(outcomeOf(engine.see(released))).toMatchObject({ kind: "drained", moved: 1 });
  });

  it("of unknown claims are waited for too", () => {
    expect(outcomeOf(emptied(hanging({ claim: undefined })).after(60))).toBeUndefined();
  });

  it("#75 of pods that stay with their node are not waited for", () => {
    const daemon = pod("agent", {
      owner: { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "ds" },
      claims: ["data"],
    });
    expect(outcomeOf(emptied(hanging(), set.pod(daemon)).after(6))).toMatchObject({ kind: "drained" });
  });

  it("#70 on a node that cannot be reached are not waited for", () => {
    const lost = node("blue-0", {
      ready: false,
      taints: [{ key: "node.kubernetes.io/unreachable", effect: "NoExecute" }],
    });
    expect(outcomeOf(emptied(hanging(), set.node(lost)).after(6))).toMatchObject({ kind: "drained" });
  });

  it("#77 that are never let go of are reported with node and claim", () => {
    const engine = emptied(hanging());
    expect(outcomeOf(engine.after(359))).toBeUndefined();
    expect(outcomeOf(engine.after(1))).toMatchObject({
      kind: "blocked",
      remaining: 0,
      nodes: { empty: 1, total: 2 },
      reasons: [{ code: "VOLUME_ATTACHED", message: "blue-0 has no pods left and still holds shop/data" }],
    });
  });
});

describe("quarantine", () => {
  it("finishes everything else and then names what is left", () => {
    const engine = talk([
      ...nodes,
      ...single("a"),
      ...single("b", { node: "blue-1" }),
      ...single("c", { annotations: { "karpenter.sh/do-not-disrupt": "true" } }),
    ]);
    expect(evictions(engine.first)).toEqual(["a", "b"]);
    for (const name of ["a", "b"]) {
      engine.send(answered(name));
      engine.see(gone(pod(name)), replacement(name));
    }
    expect(outcomeOf(engine.after(6))).toMatchObject({
      kind: "blocked",
      moved: 2,
      remaining: 1,
      nodes: { empty: 1, total: 2 },
      reasons: [{ code: "DO_NOT_DISRUPT", pods: ["shop/c"] }],
    });
  });
});

describe("adaptive concurrency", () => {
  const many = Array.from({ length: 30 }, (_, index) => single(`app-${index}`)).flat();
  const start = (limit: number) => talk([...nodes, ...many], { concurrency: { start: limit, ceiling: 20 } });
  const limitOf = (engine: ReturnType<typeof start>): number => engine.state().pressure.limit;

  it("halves once for all calls that were under way together", () => {
    const engine = start(8);
    engine.after(1);
    for (const name of evictions(engine.first))
      engine.send(now => ({
        kind: "answered",
        now,
        uid: `uid-${name}`,
        answer: { kind: "throttled", afterMs: 1_000 },
      }));
    expect(limitOf(engine)).toBe(4);
  });

  it("grows by one with ten clean answers", () => {
    const engine = start(10);
    for (const name of evictions(engine.first)) engine.send(answered(name));
    expect(limitOf(engine)).toBe(11);
  });

  it("takes slow answers for a sign of pressure, down to four at once", () => {
    const engine = start(10);
    engine.after(3);
    for (const name of evictions(engine.first)) engine.send(answered(name));
    expect(limitOf(engine)).toBe(5);
    for (let round = 0; round < 3; round++) {
      engine.after(3);
      const sent = [...engine.state().attempts].filter(([, { phase }]) => phase === "posted");
      for (const [uid] of sent)
        engine.send(now => ({ kind: "answered", now, uid, answer: { kind: "accepted" } }));
    }
    expect(limitOf(engine)).toBe(4);
  });
});

describe("fences", () => {
  it("come first: nothing is evicted while a blue node still takes pods", () => {
    const engine = talk([
      set.node(node("blue-0")),
      set.node(node("blue-1", { cordoned: false })),
      ...single("a"),
    ]);
    expect(evictions(engine.first)).toEqual([]);
    expect(evictions(engine.see(set.node(node("blue-1"))))).toEqual(["a"]);
  });

  it("of a node that takes nothing anyway are not waited for", () => {
    const lost = node("blue-1", { cordoned: false, ready: false });
    expect(evictions(talk([set.node(node("blue-0")), set.node(lost), ...single("a")]).first)).toEqual(["a"]);
  });
});
