import { progressOf } from "../../../../core/drain/describe";
import type { DrainAction } from "../../../../core/drain/events";
import type { Change, NodeFact, PodFact } from "../../../../core/drain/facts";
import type { DrainSpec } from "../../../../core/drain/state";
import {
  budget,
  node,
  outcomeOf,
  pod,
  set,
  START,
  talk,
  workload,
} from "../../../support/drainSimulator/builders";

const green = set.node(node("green-0", { labels: { pool: "green" }, cordoned: false, fenced: false }));
const blue = (name: string, more: Partial<NodeFact> = {}): Change => set.node(node(name, more));
const rules = (more: Partial<DrainSpec["rules"]>): Partial<DrainSpec> => ({
  rules: { force: false, deleteEmptyDirData: true, ...more },
});
const asked = (actions: readonly DrainAction[], kind: DrainAction["kind"]): readonly DrainAction[] =>
  actions.filter(action => action.kind === kind);

describe("an empty node leaves its load balancers", () => {
  const BALANCED = { balancers: true, ...rules({ deregistrationSeconds: 30 }) };
  const leave = { kind: "leaveBalancers", node: "blue-0" };
  const left = (seconds: number): Change => blue("blue-0", { leftBalancersAt: START + seconds * 1000 });

  it("when it has been quiet, and counts as drained when its time is over", () => {
    const engine = talk([green, blue("blue-0")], BALANCED);
    expect(asked(engine.first, "leaveBalancers")).toEqual([]);
    expect(asked(engine.after(5), "leaveBalancers")).toEqual([leave]);
    engine.see(left(5));
    expect(outcomeOf(engine.after(29))).toBeUndefined();
    expect(outcomeOf(engine.after(1))).toMatchObject({ kind: "drained" });
  });

  it("is asked for again only after a while", () => {
    const engine = talk([green, blue("blue-0")], BALANCED);
    engine.after(5);
    expect(asked(engine.after(4), "leaveBalancers")).toEqual([]);
    expect(asked(engine.after(1), "leaveBalancers")).toEqual([leave]);
  });

  it("while others still have pods, but not before its own have gone", () => {
    const rest = [set.workload(workload(1)), set.pod(pod("web", { node: "blue-1" }))];
    const engine = talk([green, blue("blue-0"), blue("blue-1"), ...rest], BALANCED);
    expect(asked(engine.after(5), "leaveBalancers")).toEqual([leave]);
  });

  it("is over at once for one that somebody else took out before", () => {
    const engine = talk([green, blue("blue-0", { leftBalancersAt: 0 })], BALANCED);
    expect(outcomeOf(engine.after(5))).toMatchObject({ kind: "drained" });
  });

  it("is not asked for where no load balancer sends to nodes", () => {
    const engine = talk([green, blue("blue-0")], rules({ deregistrationSeconds: 30 }));
    expect(outcomeOf(engine.after(5))).toMatchObject({ kind: "drained" });
  });

  it("is no standstill while it is waited for", () => {
    const engine = talk([green, blue("blue-0")], { ...BALANCED, timeoutMs: 10_000 });
    engine.after(5);
    engine.see(left(5));
    for (let seconds = 0; seconds < 29; seconds++) expect(outcomeOf(engine.after(1))).toBeUndefined();
    expect(outcomeOf(engine.after(1))).toMatchObject({ kind: "drained" });
  });

  it("ends the run as blocked when it cannot be done", () => {
    const engine = talk([green, blue("blue-0")], { ...BALANCED, timeoutMs: 10_000 });
    expect(outcomeOf(engine.after(10))).toMatchObject({
      kind: "blocked",
      reasons: [{ code: "LEAVING_BALANCERS", message: expect.stringContaining("blue-0") as string }],
    });
  });

  it("is not begun when the run is being stopped", () => {
    const engine = talk([green, blue("blue-0")], BALANCED);
    engine.send(now => ({ kind: "guards", now, guards: [{ name: "stop", state: "closed", then: "stop" }] }));
    expect(asked(engine.after(6), "leaveBalancers")).toEqual([]);
  });
});

describe("an emptied node that holds others in the spread trap", () => {
  const GIVING = { sentries: {}, ...rules({ deleteEmptyNodes: true }) };
  const heir = (unschedulable: string): PodFact => {
    const { node: _, ...unbound } = pod("heir", { phase: "Pending", ready: false, createdAt: START });
    return { ...unbound, unschedulable };
  };
  const TRAPPED = "0/2 nodes are available: 1 node(s) didn't match pod topology spread constraints.";
  const shut = budget({ allowed: 0, disruptedPods: ["web-9"] });
  const last = [set.budget(shut), set.pod(pod("web", { node: "blue-1" }))];
  const begin = (spec: Partial<DrainSpec>, why = TRAPPED) => {
    const engine = talk([green, blue("blue-0"), blue("blue-1"), set.workload(workload(2)), ...last], spec);
    engine.see(set.pod(heir(why)));
    return engine;
  };
  const deletion = { kind: "deleteNode", node: "blue-0", uid: "blue-0" };

  it("is deleted when it has been quiet, and no other is", () => {
    const engine = begin(GIVING);
    expect(asked(engine.after(4), "deleteNode")).toEqual([]);
    expect(asked(engine.after(1), "deleteNode")).toEqual([deletion]);
  });

  it.each<[string, Partial<DrainSpec>, string]>([
    ["unless it is allowed", { sentries: {} }, TRAPPED],
    ["while pods wait for another reason", GIVING, "0/2 nodes are available: 2 Insufficient cpu."],
    ["before it has left its load balancers", { ...GIVING, balancers: true }, TRAPPED],
  ])("is not deleted %s", (_, spec, why) => {
    expect(asked(begin(spec, why).after(5), "deleteNode")).toEqual([]);
  });

  it("is not deleted any more when the pods have found a place", () => {
    const engine = begin(GIVING);
    engine.see(set.pod(pod("heir", { node: "green-0", createdAt: START })));
    expect(asked(engine.after(5), "deleteNode")).toEqual([]);
  });

  it("counts as an empty node that was given up", () => {
    const engine = begin(GIVING);
    engine.after(5);
    engine.see({ type: "gone", kind: "node", uid: "blue-0" });
    expect(progressOf(engine.state()).nodes).toEqual({ empty: 1, total: 2, givenUp: ["blue-0"] });
  });
});
