import type { Answer } from "../../../../core/drain/answers";
import type { DrainEvent } from "../../../../core/drain/events";
import type { BudgetFact } from "../../../../core/drain/facts";
import { budget, evictions, node, pod, set, talk, workload } from "../../../support/drainSimulator/builders";

const answer =
  (name: string, reply: Answer) =>
  (now: number): DrainEvent => ({ kind: "answered", now, uid: `uid-${name}`, answer: reply });

const contended: Answer = { kind: "later", afterMs: 1_000, reason: "504", uncertain: true, contended: true };

describe("a PDB with many slots", () => {
  const crowd = Array.from({ length: 60 }, (_, index) => pod(`pod-${String(index).padStart(2, "0")}`));
  const roomy = (allowed: number, more: Partial<BudgetFact> = {}) =>
    set.budget(budget({ allowed, expected: 60, healthy: 60, needed: 60 - allowed, ...more }));
  const open = (allowed: number) =>
    talk([set.node(node("blue-0")), set.workload(workload(60)), roomy(allowed), ...crowd.map(set.pod)]);
  /** Its first call was answered after this time. */
  const wide = (allowed: number, seconds = 1) => {
    const engine = open(allowed + 1);
    engine.after(seconds);
    accept(engine);
    return engine;
  };
  const inFlight = (engine: ReturnType<typeof wide>): readonly string[] =>
    [...engine.state().attempts].flatMap(([uid, { phase }]) => (phase === "posted" ? [uid.slice(4)] : []));
  const accept = (engine: ReturnType<typeof wide>): readonly string[] =>
    evictions(engine.send(answer(inFlight(engine)[0] ?? "", { kind: "accepted" })));

  it.each([
    [3, 1],
    [4, 2],
    [7, 3],
    [8, 4],
    [50, 4],
  ])("of %i slots has %i calls once one has taken a second, and fewer towards the end", (allowed, calls) => {
    const engine = wide(allowed);
    expect(inFlight(engine)).toHaveLength(calls);
    for (let left = allowed - 1; left > 0; left--) {
      accept(engine);
      expect(inFlight(engine)).toHaveLength(Math.min(4, Math.max(1, Math.floor(left / 2))));
    }
  });

  it.each([
    ["one by one while they would all be through within a second", 0.019, 1],
    ["several at once where that would take longer", 0.021, 4],
  ])("has its calls %s", (_title, seconds, calls) => {
    expect(inFlight(wide(50, seconds))).toHaveLength(calls);
  });

  it("never sends more than its status has slots for, however many answers come before its next word", () => {
    const engine = wide(6);
    const sent = [...inFlight(engine)];
    while (inFlight(engine).length > 0) sent.push(...accept(engine));
    expect(sent).toHaveLength(6);
  });

  it("takes the time of calls that wait for each other for no sign of pressure", () => {
    const engine = wide(50);
    engine.after(5);
    accept(engine);
    expect(engine.state().pressure.limit).toBe(10);
  });

  it.each([
    ["is still processing it", { kind: "budgetBehind", afterMs: 1_000 }],
    ["gave up after conflicts", contended],
  ] as const)("goes one by one when the server %s, until ten are through", (_title, stumble) => {
    const engine = wide(50);
    for (const name of inFlight(engine)) engine.send(answer(name, stumble));
    engine.see(roomy(50, { resourceVersion: "2" }));
    engine.after(60);
    for (let turn = 0; turn < 10; turn++) {
      expect(inFlight(engine)).toHaveLength(1);
      accept(engine);
    }
    expect(inFlight(engine).length).toBeGreaterThan(1);
  });
});
