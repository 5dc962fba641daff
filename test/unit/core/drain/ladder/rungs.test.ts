import { climb } from "../../../../../core/drain/ladder/climb";
import { LADDER_ANNOTATION } from "../../../../../core/drain/ladder/names";
import { rolloutWaitsFor } from "../../../../../core/drain/ladder/rollout";
import type { Rung } from "../../../../../core/drain/ladder/rules";
import type { Situation } from "../../../../../core/drain/ladder/situation";
import type { StuckCode } from "../../../../../core/drain/ladder/stuck";
import { podsOfBudget } from "../../../../../core/drain/ladder/members";
import type { Target } from "../../../../../core/drain/ladder/target";
import { applyChanges, emptyWorld } from "../../../../../core/drain/world";
import { budget } from "../../../../support/drainSimulator/builders";
import { NOW, old, situation, stuck, target } from "./situations";

const saidBy = (rung: Rung, more: Partial<Situation>): unknown => {
  const decision = climb(situation([rung], more));
  if (decision.kind === "exhausted") return decision.refusals[0]?.code;
  return decision.kind === "wait" ? decision.code : decision.action.kind;
};

describe("the ladder", () => {
  it("does nothing for a workload that nobody opted in", () =>
    expect(climb(situation([]))).toEqual({ kind: "exhausted", refusals: [] }));

  it("takes the mildest rung that helps and tells why the others do not", () => {
    const fact = budget({ allowed: 0, maxUnavailable: 0 });
    expect(climb(situation(["force", "rollout-restart", "surge"], { stuck: stuck({ fact }) }))).toMatchObject(
      {
        kind: "act",
        rung: "rollout-restart",
        refusals: [{ rung: "surge", code: "RELATIVE_BUDGET" }],
      },
    );
  });

  it("ends when no rung helps", () =>
    expect(climb(situation(["surge", "evict-unhealthy"], { target: target({ paused: true }) }))).toEqual({
      kind: "exhausted",
      refusals: [
        { rung: "surge", code: "PAUSED", why: "its rollout is paused" },
        {
          rung: "evict-unhealthy",
          code: "NOT_HELPED",
          why: "it is not held because of pods that are not Ready",
        },
      ],
    }));
});

describe("a rollout is complete exactly when `kubectl rollout status` says so", () => {
  it.each<[Partial<Target>, string | undefined]>([
    [{}, undefined],
    [{ generation: 5 }, "its newest spec has not been looked at by the controller"],
    [{ overdue: true }, "it has exceeded its progress deadline"],
    [{ counts: { all: 4, updated: 2, ready: 2, available: 2 } }, "2 of 3 pods are new"],
    [{ counts: { all: 4, updated: 3, ready: 3, available: 3 } }, "1 old pods are still there"],
    [{ counts: { all: 3, updated: 3, ready: 2, available: 2 } }, "2 of 3 new pods are available"],
  ])("%j", (more, expected) => expect(rolloutWaitsFor(target(more))).toBe(expected));
});

describe("a rollout restart", () => {
  const ours = (at: number, run = "run-1"): Target["annotations"] => ({
    [LADDER_ANNOTATION.restarted]: JSON.stringify({ run, at }),
  });
  const flying = { counts: { all: 3, updated: 1, ready: 1, available: 1 } };

  it.each<StuckCode>(["BLOCKED_BY_SPEC", "SYNC_FAILED", "MULTIPLE_PDBS", "SINGLE"])(
    "frees a pod held by %s",
    code => expect(saidBy("rollout-restart", { stuck: stuck({ code }) })).toBe("restart"),
  );

  it.each<[string, Partial<Situation>, string]>([
    ["#99 waits for a rollout in flight", { target: target(flying) }, "ROLLOUT_IN_FLIGHT"],
    ["waits for its own", { target: target({ ...flying, annotations: ours(NOW - 1_000) }) }, "RESTARTING"],
    ["is not made twice in one run", { target: target({ annotations: ours(NOW - 1_000) }) }, "SPENT"],
    [
      "is given up when it does not end",
      { target: target({ ...flying, annotations: ours(NOW - 600_000) }) },
      "SPENT",
    ],
    [
      "is made again by another run",
      { target: target({ annotations: ours(NOW - 90_000, "run-0") }) },
      "restart",
    ],
    [
      "reads over a record that is none",
      { target: target({ annotations: { [LADDER_ANNOTATION.restarted]: "{" } }) },
      "restart",
    ],
    ["is refused for a StatefulSet", { target: target({ kind: "StatefulSet" }) }, "NOT_A_DEPLOYMENT"],
    ["is refused with maxSurge 0", { target: target({ maxSurge: 0 }) }, "MAX_SURGE_ZERO"],
    ["is refused with a maxSurge that is none", { target: target({ maxSurge: "1" }) }, "MAX_SURGE_INVALID"],
    ["is refused for Recreate", { target: target({ strategy: "Recreate" }) }, "RECREATE"],
    [
      "is refused for a volume that one node holds",
      { target: target({ exclusiveClaims: ["data"] }) },
      "EXCLUSIVE_VOLUME",
    ],
    ["is refused while paused", { target: target({ paused: true }) }, "PAUSED"],
    ["is refused under GitOps", { target: target({ gitOps: "Argo CD" }) }, "GITOPS_OWNED"],
    [
      "is refused for pods that do not get Ready",
      { stuck: stuck({ code: "UNHEALTHY_DEADLOCK" }) },
      "NOT_HELPED",
    ],
    [
      "is refused without room for one of its successors",
      { room: { pods: 0, code: "QUOTA_EXHAUSTED", why: "full" } },
      "QUOTA_EXHAUSTED",
    ],
    ["begins with room for one", { room: { pods: 1, code: "NO_ROOM", why: "full" } }, "restart"],
    ["waits a minute after another change", { memory: { spent: new Set(), lastAt: NOW - 1 } }, "COOLDOWN"],
  ])("%s", (_, more, code) => expect(saidBy("rollout-restart", more)).toBe(code));
});

it("a rollout restart says how many pods more its maxSurge allows, a share rounded up", () => {
  const more = (maxSurge: number | string): unknown =>
    climb(situation(["rollout-restart"], { target: target({ maxSurge }) }));
  expect(more(2)).toMatchObject({ action: { kind: "restart", more: 2 } });
  expect(more("34%")).toMatchObject({ action: { more: 2 } });
});

describe("evict-unhealthy", () => {
  const held = (...pods: ReturnType<typeof old>[]): Partial<Situation> => ({
    stuck: stuck({ code: "UNHEALTHY_DEADLOCK", pods }),
  });

  it("deletes the pods that are broken, and no others", () => {
    const pods = [
      old("broken", { ready: false }),
      old("going", { ready: false, deletingSince: NOW }),
      old("fine"),
      old("starting", { ready: false, createdAt: NOW - 60_000 }),
      old("pending", { ready: false, phase: "Pending" }),
    ];
    expect(climb(situation(["evict-unhealthy"], held(...pods)))).toMatchObject({
      kind: "act",
      action: { kind: "deleteUnhealthy", pods: [{ uid: "uid-broken" }] },
    });
  });

  it("waits a minute for one that may be starting", () =>
    expect(
      climb(situation(["evict-unhealthy"], held(old("starting", { ready: false, createdAt: NOW - 10_000 })))),
    ).toMatchObject({ kind: "wait", code: "STARTING", until: NOW + 50_001 }));

  it("is no way out for pods that are Ready", () =>
    expect(saidBy("evict-unhealthy", held(old("fine")))).toBe("NONE_UNHEALTHY"));
});

describe("force", () => {
  const FORCE = {
    selectors: [],
    afterSeconds: 60,
    minPodAgeSeconds: 100,
    minHealthySiblingAgeSeconds: 200,
    minUnhealthySiblingAgeSeconds: 300,
    everySeconds: 400,
  };
  const aged = (name: string, seconds: number, ready = true) =>
    old(name, { ready, createdAt: NOW - seconds * 1_000 });
  const forced = (more: Partial<Situation>): ReturnType<typeof climb> =>
    climb(situation(["force"], { force: FORCE, ...more }));

  it("#61 deletes one pod of the budget, the broken ones first, then the oldest", () => {
    const pods = [aged("young", 1_000), aged("oldest", 2_000), aged("broken", 900, false)];
    expect(forced({ stuck: stuck({ pods }) })).toMatchObject({
      action: { kind: "force", pod: { uid: "uid-broken" }, budget: "pdb:shop/web", everySeconds: 400 },
    });
    expect(forced({ stuck: stuck({ pods: pods.slice(0, 2) }) })).toMatchObject({
      action: { pod: { uid: "uid-oldest" } },
    });
  });

  it.each<[string, Partial<Situation>, string, number | undefined]>([
    ["in its grace", { stuck: stuck({ since: NOW - 59_999 }) }, "IN_GRACE", NOW + 1],
    ["young pod", { stuck: stuck({ pods: [aged("a", 99)] }) }, "POD_YOUNG", NOW + 1_000],
    ["young healthy sibling", { stuck: stuck({ siblings: [aged("b", 199)] }) }, "SIBLING_YOUNG", NOW + 1_000],
    [
      "young unhealthy sibling",
      { stuck: stuck({ siblings: [aged("b", 299, false)] }) },
      "SIBLING_YOUNG",
      NOW + 1_000,
    ],
    [
      "young sibling that is held too",
      { stuck: stuck({ pods: [aged("a", 500), aged("b", 150)] }) },
      "SIBLING_YOUNG",
      NOW + 50_000,
    ],
    ["recent force", { lastForced: NOW - 399_000 }, "FORCED_RECENTLY", NOW + 1_000],
    [
      "another of the budget still going",
      { stuck: stuck({ siblings: [old("b", { deletingSince: NOW - 5 })] }) },
      "ONE_AT_A_TIME",
      undefined,
    ],
  ])("#61 waits: %s", (...[, more, code, until]) => {
    const decision = forced(more);
    expect(decision).toMatchObject({ kind: "wait", code });
    expect(decision.kind === "wait" ? decision.until : "none").toBe(until);
  });

  it.each<[string, Partial<Situation>]>([
    ["grace over", { stuck: stuck({ since: NOW - 60_000 }) }],
    ["pod old enough", { stuck: stuck({ pods: [aged("a", 100)] }) }],
    ["siblings old enough", { stuck: stuck({ siblings: [aged("b", 200), aged("c", 300, false)] }) }],
    ["last force long ago", { lastForced: NOW - 400_000 }],
  ])("#61 acts: %s", (_, more) => expect(forced(more)).toMatchObject({ kind: "act", rung: "force" }));

  it.each([
    [0, 1],
    [1, 1],
    [120, 120],
  ])("#58 gives a pod with a grace of %i s at least a second: %i s", (graceSeconds, expected) =>
    expect(forced({ stuck: stuck({ pods: [old("a", { graceSeconds })] }) })).toMatchObject({
      action: { graceSeconds: expected },
    }),
  );

  it("#53 gives each pod its own grace, whatever its priority", () =>
    expect(
      forced({
        stuck: stuck({ pods: [old("a", { graceSeconds: 45, priorityClass: "system-node-critical" })] }),
      }),
    ).toMatchObject({ action: { graceSeconds: 45 } }));

  it("#57 lets a pod that is going already end in its own time", () =>
    expect(forced({ stuck: stuck({ pods: [old("a", { deletingSince: NOW - 3_600_000 })] }) })).toMatchObject({
      kind: "wait",
      code: "ONE_AT_A_TIME",
    }));

  it("#60 is never what waiting alone leads to: without an opt-in a pod is held for ever", () =>
    expect(climb(situation(["surge"], { stuck: stuck({ code: "BUSY", since: 0 }) })).kind).toBe("exhausted"));

  it("#62 takes a budget whose selector cannot be read as one without siblings", () => {
    const selector = { matchExpressions: [{ key: "app", operator: "Near", values: ["web"] }] };
    const change = { type: "set", object: { kind: "pod", fact: old("b") } } as const;
    const world = applyChanges(emptyWorld(), [change]);
    expect(podsOfBudget(budget(), world).map(({ name }) => name)).toEqual(["b"]);
    expect(podsOfBudget(budget({ selector }), world)).toEqual([]);
  });

  it("is nothing for a pod that no budget holds", () => {
    const { fact: _, ...held } = stuck({ code: "SINGLE" });
    expect(saidBy("force", { stuck: held })).toBe("NOT_HELD");
  });
});
