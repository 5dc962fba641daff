import { climb } from "../../../../../core/drain/ladder/climb";
import { maxSurgeOf } from "../../../../../core/drain/ladder/maxSurge";
import type { Situation } from "../../../../../core/drain/ladder/situation";
import { planRevert, type SurgeRecord } from "../../../../../core/drain/ladder/surgeRecord";
import type { Holder, Target } from "../../../../../core/drain/ladder/target";
import { budget } from "../../../../support/drainSimulator/builders";
import { copyOf, surgedBy } from "../../../../support/surgeMarks";
import { NOW, old, scaler, situation, stuck, target } from "./situations";

const RECORD: SurgeRecord = { run: "run-1", rung: "surge", baseline: 3, surge: 4, at: NOW - 30_000 };

/** What the surge rung says: its refusal's or its wait's code, or the number that it writes. */
const surgeOf = (more: Partial<Situation>, how: "named" | "broad" = "broad"): unknown => {
  const decision = climb(situation(["surge"], more, how));
  if (decision.kind === "exhausted") return decision.refusals[0]?.code;
  if (decision.kind === "wait") return decision.code;
  return decision.action.kind === "surge" ? decision.action.record.surge : decision.action.kind;
};

describe("#94 the surge of a Deployment is capped by its maxSurge", () => {
  it.each<[string, Partial<Target>, number | undefined]>([
    ["a number", { maxSurge: 2 }, 2],
    ["a share, rounded up", { maxSurge: "34%", replicas: 3 }, 2],
    ["none written: a quarter, rounded up", { replicas: 5 }, 2],
    ["0", { maxSurge: 0 }, 0],
    ["0 %", { maxSurge: "0%" }, 0],
    ["Recreate", { strategy: "Recreate", maxSurge: 3 }, 0],
    ["text", { maxSurge: "many" }, undefined],
    ["a negative number", { maxSurge: -1 }, undefined],
    ["half a pod", { maxSurge: 0.5 }, undefined],
  ])("%s", (name, more, expected) => {
    const { maxSurge: _, ...plain } = target();
    const cap = maxSurgeOf(name.startsWith("none") ? { ...plain, ...more } : target(more));
    expect(cap.ok ? cap.value : undefined).toBe(expected);
  });

  it("says what is wrong with one that cannot be read", () => {
    expect(maxSurgeOf(target({ maxSurge: "many" }))).toMatchObject({
      ok: false,
      problems: [
        { code: "Drain.MaxSurge", path: "shop/web", message: expect.stringContaining('"many"') as string },
      ],
    });
  });

  it.each<[string, Partial<Target>, unknown]>([
    ["one more pod for one pod held", { maxSurge: 2 }, 4],
    ["refused with 0", { maxSurge: 0 }, "MAX_SURGE_TOO_SMALL"],
    ["refused for Recreate", { strategy: "Recreate" }, "RECREATE"],
    ["refused for nonsense", { maxSurge: "many" }, "MAX_SURGE_INVALID"],
  ])("%s", (_, more, expected) => expect(surgeOf({ target: target(more) })).toBe(expected));

  it("#91 makes no more pods than are held, and no more than the cap", () => {
    const pods = [1, 2, 3].map(at => old(`web-${at}`));
    expect(surgeOf({ stuck: stuck({ pods }), target: target({ maxSurge: 9 }) })).toBe(6);
    expect(surgeOf({ stuck: stuck({ pods }), target: target({ maxSurge: 2 }) })).toBe(5);
  });

  it("makes as many as the budget needs, or none", () => {
    const fact = budget({ allowed: 0, needed: 4, expected: 3, healthy: 3, minAvailable: 4 });
    expect(surgeOf({ stuck: stuck({ fact }), target: target({ maxSurge: 2 }) })).toBe(5);
    expect(surgeOf({ stuck: stuck({ fact }), target: target({ maxSurge: 1 }) })).toBe("MAX_SURGE_TOO_SMALL");
  });
});

describe("a surge is refused, with its reason, for", () => {
  const share = (fact: object): Partial<Situation> => ({
    stuck: stuck({ fact: budget({ allowed: 0, ...fact }) }),
  });
  it.each<[string, Partial<Situation>, string]>([
    ["#95 a StatefulSet", { target: target({ kind: "StatefulSet" }) }, "NOT_A_DEPLOYMENT"],
    ["a budget by maxUnavailable", share({ maxUnavailable: 0 }), "RELATIVE_BUDGET"],
    ["a budget by percentage", share({ minAvailable: "100%" }), "RELATIVE_BUDGET"],
    ["a volume that one node holds", { target: target({ exclusiveClaims: ["data"] }) }, "EXCLUSIVE_VOLUME"],
    ["a paused rollout", { target: target({ paused: true }) }, "PAUSED"],
    [
      "no pods wanted",
      { target: target({ replicas: 0, counts: { all: 0, updated: 0, ready: 0, available: 0 } }) },
      "NO_PODS",
    ],
    [
      "#98 two autoscalers",
      { target: target({ scalers: [scaler("HorizontalPodAutoscaler"), scaler("ScaledObject")] }) },
      "TWO_AUTOSCALERS",
    ],
    [
      "an autoscaler at its maximum",
      { target: target({ scalers: [scaler("HorizontalPodAutoscaler", { maximum: 3 })] }) },
      "AT_MAXIMUM",
    ],
    ["fields that GitOps owns", { target: target({ gitOps: "Flux" }) }, "GITOPS_OWNED"],
    [
      "an autoscaler that GitOps owns",
      { target: target({ scalers: [scaler("ScaledObject", { gitOps: "Argo CD" })] }) },
      "GITOPS_OWNED",
    ],
    ["broken pods", { stuck: stuck({ code: "UNHEALTHY_DEADLOCK" }) }, "NOT_HELPED"],
    ["one that was tried", { memory: { spent: new Set(["surge"] as const) } }, "SPENT"],
    ["a record that nobody can read", { target: target(surgedBy("{")) }, "RECORD_LOST"],
  ])("%s", (_, more, code) => expect(surgeOf(more)).toBe(code));

  it("fields that GitOps owns, unless the workload is named", () => {
    expect(surgeOf({ target: target({ gitOps: "Flux" }) }, "named")).toBe(4);
  });
});

describe("a surge waits", () => {
  it("#99 for a rollout in flight, and gives up on one that does not end", () => {
    const flying = target({ counts: { all: 3, updated: 2, ready: 2, available: 2 } });
    expect(surgeOf({ target: flying })).toBe("ROLLOUT_IN_FLIGHT");
    expect(climb(situation(["surge"], { target: flying }))).toMatchObject({
      kind: "wait",
      until: NOW + 540_000,
    });
    expect(climb(situation(["surge"], { target: flying, now: NOW + 540_000 }))).toMatchObject({
      kind: "exhausted",
      refusals: [{ rung: "surge", code: "ROLLOUT_IN_FLIGHT" }],
    });
  });

  it("for a minute after the last change of the same workload", () => {
    const memory = { spent: new Set<never>(), lastAt: NOW - 59_999 };
    expect(surgeOf({ memory })).toBe("COOLDOWN");
    expect(surgeOf({ memory: { ...memory, lastAt: NOW - 60_000 } })).toBe(4);
  });

  it("while the one that is there may still help; a second one is never put on top", () => {
    const there = target({ replicas: 4, ...surgedBy(RECORD) });
    expect(surgeOf({ target: there })).toBe("SURGED");
    expect(surgeOf({ target: there, now: RECORD.at + 599_999 })).toBe("SURGED");
    expect(surgeOf({ target: there, now: RECORD.at + 600_000 })).toBe("revert");
  });
});

it("a single pod without a PDB gets a second one before it goes", () => {
  const { fact: _, ...held } = stuck({ code: "SINGLE" });
  const counts = { all: 1, updated: 1, ready: 1, available: 1 };
  expect(surgeOf({ stuck: held, target: target({ replicas: 1, counts, maxSurge: "25%" }) })).toBe(2);
});

describe("#98 an autoscaled Deployment gets a higher minimum instead", () => {
  it.each(["HorizontalPodAutoscaler", "ScaledObject"] as const)("of its %s", kind => {
    const decision = climb(situation(["surge"], { target: target({ scalers: [scaler(kind)] }) }));
    expect(decision).toMatchObject({
      kind: "act",
      action: { kind: "surge", holder: { kind, value: 2 }, record: { baseline: 2, surge: 4 } },
    });
  });

  it("also where none is written, which is given back as such", () => {
    const { minimum: _, ...plain } = scaler("ScaledObject");
    const decision = climb(situation(["surge"], { target: target({ scalers: [plain] }) }));
    expect(decision).toMatchObject({ action: { record: { baseline: null, surge: 4 } } });
    const after: Holder = { ...plain, value: 4, ...surgedBy({ ...RECORD, baseline: null }) };
    expect(planRevert(after)).toMatchObject({ kind: "scaleBack", to: null });
  });
});

describe("giving back", () => {
  const holder = (record: unknown, value: number, kind = "Deployment"): Holder => ({
    ...target({ kind, ...(record === undefined ? {} : surgedBy(record)) }),
    value,
  });

  it("#92 takes back what a killed run left", () =>
    expect(planRevert(holder({ ...RECORD, run: "a former run" }, 4))).toMatchObject({
      kind: "scaleBack",
      to: 3,
    }));

  it("#96 takes the number of a wave that has gone down for somebody else's", () => {
    const wave = { phase: "down", blue: 1, green: 2, stalls: 0 };
    expect(planRevert(holder({ ...RECORD, rung: "surge-first", wave }, 4))).toMatchObject({ kind: "drop" });
    expect(
      planRevert(holder({ ...RECORD, rung: "surge-first", wave: { ...wave, phase: "up" } }, 4)),
    ).toMatchObject({
      kind: "scaleBack",
      to: 3,
    });
  });

  it("does nothing where there is no record", () =>
    expect(planRevert(holder(undefined, 4))).toEqual({ kind: "none" }));

  it("only takes the record away when the number is right already", () =>
    expect(planRevert(holder(RECORD, 3))).toEqual({ kind: "drop" }));

  it.each([0, 1, 2, 5, 40])("#96 leaves %i, which somebody else has set, and lets go", value => {
    expect(planRevert(holder(RECORD, value))).toEqual({
      kind: "drop",
      why: `somebody else set it to ${value} (we had set 4): it stays so`,
    });
    expect(surgeOf({ target: target({ replicas: value, ...surgedBy(RECORD) }) })).toBe("revert");
  });

  it.each<[string, unknown]>([
    ["0", { ...RECORD, baseline: 0 }],
    ["below 0", { ...RECORD, baseline: -2 }],
    ["text", { ...RECORD, baseline: "three" }],
    ["half a pod", { ...RECORD, baseline: 1.5 }],
    ["not there", { ...RECORD, baseline: undefined }],
    ["null", { ...RECORD, baseline: null }],
    ["more than the surge", { ...RECORD, baseline: 5 }],
    ["in something that is no JSON", "3"],
    ["cut off", '{"run":"run-1","base'],
    ["in a list", [3, 4]],
  ])("#97 scales nothing down when the baseline is %s", (_, record) => {
    expect(planRevert(holder(record, 4))).toEqual({
      kind: "drop",
      why: "the record of what it was cannot be read: it stays at 4",
    });
  });

  describe("a record that a rollback has brought back", () => {
    const after = { ...target({ replicas: 4, ...copyOf(RECORD) }), value: 4 };

    it("of a surge that is over is no record: nothing is scaled, and the next surge may begin", () => {
      expect(planRevert(after)).toEqual({ kind: "none" });
      expect(surgeOf({ target: { ...after, replicas: 3 } })).toBe(4);
    });

    it("over that of a newer surge, or in its place, has lost what was before", () => {
      const { labels } = surgedBy({ ...RECORD, at: NOW });
      const lost = { kind: "drop", why: "the record of what it was cannot be read: it stays at 4" };
      expect(planRevert({ ...after, labels })).toEqual(lost);
      expect(planRevert({ ...after, annotations: {}, labels })).toEqual(lost);
    });
  });

  it("lets the minimum of an autoscaler be 0 again, when it was", () =>
    expect(planRevert(holder({ ...RECORD, baseline: 0 }, 4, "ScaledObject"))).toMatchObject({
      kind: "scaleBack",
      to: 0,
    }));
});
