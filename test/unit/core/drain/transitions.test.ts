import type { DrainEvent } from "../../../../core/drain/events";
import type { Change } from "../../../../core/drain/facts";
import { formatSamples } from "../../../../core/drain/exposition";
import type { ClimbRecord } from "../../../../core/drain/ladder/climbRecord";
import { countClimb, countTransition, gaugesOf, NO_TOTALS } from "../../../../core/drain/metrics";
import { progressOf } from "../../../../core/drain/describe";
import { next } from "../../../../core/drain/next";
import { createState, type DrainState } from "../../../../core/drain/state";
import { type Transition, transitionsOf } from "../../../../core/drain/transitions";
import { budget, gone, node, pod, set, START, workload } from "../../../support/drainSimulator/builders";
import { SPEC } from "../../../support/drainSimulator/run";

const cluster: readonly Change[] = [
  set.node(node("blue-0")),
  set.workload(workload(1)),
  set.budget(budget()),
  set.pod(pod("web-1")),
  set.pod(pod("idle", { annotations: { "karpenter.sh/do-not-disrupt": "true" } })),
];

const listen = () => {
  let state: DrainState = createState(SPEC, START);
  const heard: Transition[] = [];
  const send = (event: DrainEvent): readonly Transition[] => {
    const [after] = next(state, event);
    const told = transitionsOf(state, event, after);
    state = after;
    heard.push(...told);
    return told;
  };
  send({ kind: "observed", now: START, changes: cluster });
  return { send, heard, state: () => state };
};

const at = START + 1_000;
const web = { kind: "pod", pod: "shop/web-1", uid: "uid-web-1", node: "blue-0" };

it("each step of a pod is told once, in order, with its budget's answer", () => {
  const { send } = listen();
  expect(send({ kind: "synced", now: START })).toEqual([
    { at: START, kind: "started", pods: 2, nodes: 1 },
    { at: START, ...web, to: "posted" },
    {
      at: START,
      kind: "pod",
      pod: "shop/idle",
      uid: "uid-idle",
      node: "blue-0",
      to: "blocked",
      reason: "DO_NOT_DISRUPT",
    },
  ]);
  expect(send({ kind: "answered", now: at, uid: "uid-web-1", answer: { kind: "accepted" } })).toEqual([
    {
      at,
      kind: "eviction",
      uid: "uid-web-1",
      pod: "web-1",
      budget: "pdb:shop/web",
      answer: "accepted",
      ms: 1_000,
    },
    { at, ...web, from: "posted", to: "terminating" },
  ]);
  const ending = set.pod(pod("web-1", { deletingSince: at }));
  expect(send({ kind: "observed", now: at, changes: [ending] })).toEqual([]);
  expect(send({ kind: "observed", now: at, changes: [gone(pod("web-1"))] })).toEqual([
    { at, ...web, from: "terminating", to: "gone" },
  ]);
});

it("guards are told when they move, nodes when they are empty, and the end", () => {
  const { send } = listen();
  send({ kind: "synced", now: START });
  const closed = { name: "slo", state: "closed", then: "hold", reason: "burning" } as const;
  const told = { at, kind: "guard", guard: "slo", to: "closed", then: "hold", reason: "burning" };
  expect(send({ kind: "guards", now: at, guards: [closed] })).toEqual([told]);
  expect(send({ kind: "guards", now: at, guards: [{ ...closed, reason: "more" }] })).toEqual([]);
  send({ kind: "answered", now: at, uid: "uid-web-1", answer: { kind: "accepted" } });
  expect(
    send({ kind: "observed", now: at, changes: [gone(pod("web-1")), gone(pod("idle"))] }),
  ).toContainEqual({ at, kind: "node", node: "blue-0", to: "empty" });
  const ended = send({ kind: "cancelled", now: at, reason: "Ctrl-C" });
  expect(ended).toEqual([{ at, kind: "finished", outcome: "stopped", moved: 1 }]);
});

it("#103 evictions are counted by code and cause, once each", () => {
  const { send, heard } = listen();
  send({ kind: "synced", now: START });
  send({ kind: "answered", now: at, uid: "uid-web-1", answer: { kind: "budgetFull", message: "" } });
  send({ kind: "tick", now: at + 6_000 });
  send({ kind: "answered", now: at + 6_500, uid: "uid-web-1", answer: { kind: "accepted" } });
  expect(formatSamples(heard.reduce(countTransition, NO_TOTALS).values())).toBe(
    [
      "# HELP drain_evictions_total Answers to evictions, by HTTP code and cause",
      "# TYPE drain_evictions_total counter",
      'drain_evictions_total{code="429",cause="DisruptionBudget"} 1',
      'drain_evictions_total{code="201",cause=""} 1',
      "# HELP drain_eviction_latency_seconds Time from an eviction call to its answer",
      "# TYPE drain_eviction_latency_seconds summary",
      "drain_eviction_latency_seconds_sum 1.5",
      "drain_eviction_latency_seconds_count 2",
      "",
    ].join("\n"),
  );
});

it("gauges show what is where, and which budget is waited for", () => {
  const { send, state } = listen();
  send({ kind: "synced", now: START });
  send({ kind: "answered", now: START, uid: "uid-web-1", answer: { kind: "budgetFull", message: "" } });
  send({ kind: "guards", now: at, guards: [{ name: 'a "b"', state: "unknown", then: "hold" }] });
  const text = formatSamples(gaugesOf(state(), progressOf(state())));
  expect(text.split("\n")).toEqual(
    expect.arrayContaining([
      'drain_pods{state="queued"} 1',
      'drain_pods{state="blocked"} 1',
      'drain_budget_slots{budget="PDB shop/web"} 0',
      'drain_budget_blocked_seconds{budget="PDB shop/web",reason="BUSY"} 1',
      'drain_gate_open{gate="a \\"b\\""} 0',
    ]),
  );
});

it("counts what passed over a budget, by its rung", () => {
  const climb = (rung: ClimbRecord["rung"]): ClimbRecord => ({
    at: 0,
    workload: "shop/Deployment/web",
    rung,
    why: "",
  });
  const totals = (["force", "surge", "force", "evict-unhealthy", "surge-first"] as const)
    .map(climb)
    .reduce(countClimb, NO_TOTALS);
  expect([...totals.values()]).toEqual([
    { name: "drain_forced_total", labels: { reason: "force" }, value: 2 },
    { name: "drain_forced_total", labels: { reason: "evict-unhealthy" }, value: 1 },
  ]);
});
