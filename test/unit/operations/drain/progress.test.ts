import type { Sample } from "../../../../core/drain/metrics";
import type { DrainState } from "../../../../core/drain/state";
import { startReporter } from "../../../../operations/drain/progress";
import { gone, node, pod, set, START, talk, workload } from "../../../support/drainSimulator/builders";

const open = () => {
  const lines: string[] = [];
  let now = START;
  const reporter = startReporter({ now: () => now, log: line => lines.push(line) });
  const tellAfter = (ms: number, state: DrainState): readonly string[] => {
    now += ms;
    reporter.tell(state);
    return lines;
  };
  return { tellAfter };
};

const web = [
  set.node(node("blue-0")),
  set.workload(workload(2)),
  set.pod(pod("web-1")),
  set.pod(pod("web-2")),
];

it("speaks at most every two seconds, and never says the same twice", () => {
  const engine = talk(web);
  const { tellAfter } = open();
  expect(tellAfter(0, engine.state())).toHaveLength(1);
  engine.send(now => ({ kind: "answered", now, uid: "uid-web-1", answer: { kind: "accepted" } }));
  engine.see(gone(pod("web-1")));
  expect(tellAfter(1_000, engine.state())).toHaveLength(1);
  expect(tellAfter(1_000, engine.state())[1]).toMatch(/^moved 1\/2, /);
  expect(tellAfter(5_000, engine.state())).toHaveLength(2);
});

it("says what it waits for when the first lists do not come", () => {
  const { tellAfter } = open();
  const engine = talk(web);
  const waiting: DrainState = {
    ...engine.state(),
    synced: false,
    now: START + 25_000,
    guards: [{ name: "watches", state: "unknown", then: "hold", reason: "no word about pods for 25 s" }],
  };
  expect(tellAfter(25_000, waiting)).toEqual([
    "waiting for the first lists from the API server (watches is unknown: no word about pods for 25 s)",
  ]);
});

it("measures with each line, and once more when it is over", () => {
  const engine = talk([set.node(node("blue-0"))]);
  let now = START;
  const measured: (readonly Sample[])[] = [];
  const reporter = startReporter({
    now: () => now,
    log: () => undefined,
    gauges: samples => measured.push(samples),
    moreGauges: () => [{ name: "drain_lease_transitions", labels: {}, value: 7 }],
  });
  reporter.tell(engine.state());
  reporter.tell(engine.state());
  expect(measured).toHaveLength(1);
  expect(measured[0]).toContainEqual({ name: "drain_lease_transitions", labels: {}, value: 7 });
  now += 1;
  engine.after(6);
  expect(engine.state().outcome?.kind).toBe("drained");
  reporter.tell(engine.state());
  expect(measured).toHaveLength(2);
});
