import type { FirstFacts, FirstPod } from "../../../../../core/drain/ladder/first/step";
import { nextFirstStep } from "../../../../../core/drain/ladder/surgeFirst";
import type { SurgeRecord, Wave } from "../../../../../core/drain/ladder/surgeRecord";
import { AMPLE } from "../../../../../core/drain/ladder/surgeRoom";
import type { Target } from "../../../../../core/drain/ladder/target";
import { copyOf, surgedBy } from "../../../../support/surgeMarks";
import { NOW, scaler, target } from "./situations";

const first = (name: string, more: Partial<FirstPod> = {}): FirstPod => ({
  uid: name,
  namespace: "shop",
  name,
  node: "n",
  blue: true,
  ready: true,
  gone: false,
  marked: false,
  ...more,
});

const blues = (count: number, more: Partial<FirstPod> = {}): readonly FirstPod[] =>
  Array.from({ length: count }, (_, at) => first(`blue-${at}`, more));

const greens = (count: number, more: Partial<FirstPod> = {}): readonly FirstPod[] =>
  Array.from({ length: count }, (_, at) => first(`green-${at}`, { blue: false, ...more }));

const facts = (more: Partial<FirstFacts> = {}): FirstFacts => ({
  target: target(),
  pods: blues(3, { marked: true }),
  room: AMPLE,
  named: false,
  since: NOW,
  run: "run-1",
  now: NOW,
  ...more,
});

const surged = (wave: Partial<Wave>, more: Partial<SurgeRecord> = {}, has: Partial<Target> = {}): Target => {
  const record: SurgeRecord = {
    ...{ run: "run-1", rung: "surge-first", baseline: 3, surge: 6, at: NOW - 1_000 },
    wave: { phase: "up", blue: 3, green: 0, stalls: 0, ...wave },
    ...more,
  };
  const counts = { all: 6, updated: 6, ready: 6, available: 6 };
  return target({ ...surgedBy(record), counts, replicas: wave.phase === "down" ? 3 : 6, ...has });
};

const said = (more: Partial<FirstFacts>): unknown => {
  const step = nextFirstStep(facts(more));
  return "code" in step ? `${step.kind} ${step.code}` : step.kind === "scale" ? step.to : step.kind;
};

describe("a surge-first begins", () => {
  it("with one successor for each pod on blue, number and record in one write", () => {
    const step = nextFirstStep(facts({ pods: [...blues(2, { marked: true }), ...greens(1)] }));
    expect(step).toEqual({
      kind: "scale",
      to: 5,
      record: {
        ...{ run: "run-1", rung: "surge-first", baseline: 3, surge: 5, at: NOW },
        wave: { phase: "up", blue: 2, green: 1, stalls: 0 },
      },
      why: "2 successors on green before as many of 2 pods leave blue",
    });
  });

  it("with a record alone while a pod on blue bears no mark, then with the marks, then with the number", () => {
    const pods = [...blues(1, { name: "bare" }), ...blues(2, { marked: true })];
    const step = nextFirstStep(facts({ pods }));
    expect(step).toMatchObject({ kind: "record", record: { surge: 6, wave: { phase: "mark" } } });
    const marking = surged({ phase: "mark" }, {}, { replicas: 3 });
    expect(nextFirstStep(facts({ target: marking, pods }))).toMatchObject({
      kind: "mark",
      pods: [{ name: "bare" }],
    });
    expect(said({ target: marking })).toBe(6);
    expect(said({ target: marking, pods: greens(3) })).toBe("done");
    expect(said({ target: surged({ phase: "mark" }) })).toBe("leave NOT_OURS");
  });

  it.each<[string, Partial<FirstFacts>, unknown]>([
    ["in a smaller wave where green has little room", { room: { ...AMPLE, pods: 2.9 } }, 5],
    ["not at all without room", { room: { pods: 0, code: "NO_ROOM", why: "full" } }, "leave NO_ROOM"],
    ["not at all with nothing on blue", { pods: greens(3) }, "done"],
    ["not for a pod that goes already", { pods: blues(3, { gone: true }) }, "done"],
    ["#95 not for a StatefulSet", { target: target({ kind: "StatefulSet" }) }, "leave NOT_A_DEPLOYMENT"],
    ["not for Recreate", { target: target({ strategy: "Recreate" }) }, "leave RECREATE"],
    [
      "not for a volume that one node holds",
      { target: target({ exclusiveClaims: ["d"] }) },
      "leave EXCLUSIVE_VOLUME",
    ],
    [
      "#98 not beside an autoscaler",
      { target: target({ scalers: [scaler("HorizontalPodAutoscaler")] }) },
      "leave AUTOSCALED",
    ],
    ["not while paused", { target: target({ paused: true }) }, "leave PAUSED"],
    [
      "not from 0",
      { target: target({ replicas: 0, counts: { all: 0, updated: 0, ready: 0, available: 0 } }) },
      "leave NO_PODS",
    ],
    ["not under GitOps", { target: target({ gitOps: "Flux" }) }, "leave GITOPS_OWNED"],
    ["under GitOps when named", { target: target({ gitOps: "Flux" }), named: true }, 6],
    ["#99 after a rollout in flight", { target: target({ generation: 5 }) }, "wait ROLLOUT_IN_FLIGHT"],
    [
      "#99 never after one that does not end",
      { target: target({ generation: 5 }), now: NOW + 600_000 },
      "leave ROLLOUT_IN_FLIGHT",
    ],
    ["#97 not over a record that cannot be read", { target: target(surgedBy("0")) }, "leave RECORD_LOST"],
    [
      "over the copy of a former record that a rollback has brought back",
      { target: target(copyOf({ run: "run-0", rung: "surge", baseline: 1, surge: 3, at: 1 })) },
      6,
    ],
    ["not over another surge", { target: surged({}, { rung: "surge" }) }, "leave NOT_OURS"],
  ])("%s", (_, more, expected) => expect(said(more)).toBe(expected));
});

describe("while its number is up", () => {
  const up = surged({});
  const marked = blues(3, { marked: true });

  it("marks the pods on blue that are not yet marked", () =>
    expect(
      nextFirstStep(facts({ target: up, pods: [...blues(1), ...marked.slice(1), ...greens(3)] })),
    ).toMatchObject({
      kind: "mark",
      pods: [{ name: "blue-0" }],
    }));

  it.each<[string, Partial<FirstFacts>, unknown]>([
    ["waits for successors that are not there", { pods: [...marked, ...greens(2)] }, "wait SUCCESSORS_START"],
    [
      "waits for successors that are not Ready",
      { pods: [...marked, ...greens(3, { ready: false })] },
      "wait SUCCESSORS_START",
    ],
    ["goes back when all are Ready", { pods: [...marked, ...greens(3)] }, 3],
    [
      "waits until its controller has counted them all",
      {
        target: surged({}, {}, { counts: { all: 6, updated: 6, ready: 5, available: 5 } }),
        pods: [...marked, ...greens(3)],
      },
      "wait NOT_COUNTED",
    ],
    [
      "goes back although a pod on blue is not Ready",
      { pods: [first("blue-0", { marked: true, ready: false }), ...marked.slice(1), ...greens(3)] },
      3,
    ],
    [
      "#93 goes back when they are not Ready in time",
      { pods: [...marked, ...greens(2, { ready: false })], now: NOW + 600_000 },
      3,
    ],
    [
      "#96 lets go when somebody else changed the number",
      { target: surged({}, {}, { replicas: 8 }), pods: marked },
      "leave NOT_OURS",
    ],
    [
      "#98 lets go when an autoscaler came",
      { target: surged({}, {}, { scalers: [scaler("ScaledObject")] }), pods: marked },
      "leave NOT_OURS",
    ],
  ])("%s", (_, more, expected) => expect(said({ target: up, ...more })).toBe(expected));

  it("#93 remembers how many got Ready, so that the next wave is no larger", () => {
    const pods = [...marked, ...greens(2), ...greens(1, { ready: false, name: "slow" })];
    expect(nextFirstStep(facts({ target: up, pods, now: NOW + 600_000 }))).toMatchObject({
      record: { wave: { phase: "down", got: 2 } },
    });
    const down = surged({ phase: "down", got: 2 });
    const left = blues(2, { marked: true });
    expect(said({ target: down, pods: [...left, ...greens(1)] })).toBe(5);
    expect(said({ target: surged({ phase: "down", got: 1 }), pods: [...left, ...greens(1)] })).toBe(4);
  });
});

describe("when its number is back", () => {
  const marked = blues(3, { marked: true });
  const down = surged({ phase: "down", got: 3 });
  it.each<[string, Partial<FirstFacts>, unknown]>([
    ["waits for the surplus to go", { pods: [...blues(3), ...greens(3)] }, "wait PREDECESSORS_GO"],
    [
      "does not wait for ever",
      { pods: [...blues(3), ...greens(3)], now: NOW + 600_000 },
      "leave NOBODY_GOES",
    ],
    ["is done when blue is empty", { pods: [...blues(3, { gone: true }), ...greens(3)] }, "done"],
    ["begins the next wave for what is left", { pods: [...marked.slice(2), ...greens(2)] }, 4],
    ["tries again when other pods went", { pods: marked }, 6],
    [
      "gives up when other pods went twice",
      { target: surged({ phase: "down", got: 3, stalls: 1 }), pods: blues(3) },
      "leave OTHERS_WENT",
    ],
    [
      "#93 gives up when no successor got Ready",
      { target: surged({ phase: "down", got: 0 }), pods: blues(3) },
      "leave NO_NEW_PODS",
    ],
    [
      "#96 lets go when somebody else changed the number",
      { target: surged({ phase: "down" }, {}, { replicas: 9 }) },
      "leave NOT_OURS",
    ],
  ])("%s", (_, more, expected) => expect(said({ target: down, ...more })).toBe(expected));
});
