import { findFirst, firstPodsOf } from "../../../../../core/drain/ladder/findFirst";
import { findStuck } from "../../../../../core/drain/ladder/findStuck";
import { isHeldBack, mayClimb, mayClimbFor } from "../../../../../core/drain/ladder/hold";
import { mayHelpNow } from "../../../../../core/drain/ladder/mayHelpNow";
import { DELETION_COST, LADDER_ANNOTATION } from "../../../../../core/drain/ladder/names";
import type { LadderRules } from "../../../../../core/drain/ladder/rules";
import type { BudgetFact, PodFact, WorkloadFact } from "../../../../../core/drain/facts";
import type { DrainState } from "../../../../../core/drain/state";
import type { Lane, Survey } from "../../../../../core/drain/surveyed";
import { budget, node, pod, set, talk, workload } from "../../../../support/drainSimulator/builders";

const DEPLOYMENT = workload(1, { uid: "deploy-web", kind: "Deployment" });
const owned = (desired: number): WorkloadFact =>
  workload(desired, { owner: { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "deploy-web" } });

interface Scene {
  readonly rules?: LadderRules;
  readonly pods?: readonly PodFact[];
  readonly budgets?: readonly BudgetFact[];
  readonly deployment?: Partial<WorkloadFact>;
}

const look = ({ rules, pods = [pod("web-1")], budgets = [], deployment = {} }: Scene) => {
  const changes = [
    ...[node("blue-0"), node("green-0", { labels: { pool: "green" }, cordoned: false, fenced: false })].map(
      set.node,
    ),
    ...[{ ...DEPLOYMENT, ...deployment }, owned(deployment.desired ?? 1)].map(set.workload),
    ...budgets.map(set.budget),
    ...pods.map(set.pod),
  ];
  const conversation = talk(changes, rules === undefined ? {} : { ladder: rules });
  const state = conversation.state();
  const survey = state.looked?.survey;
  if (survey === undefined) throw new Error("it has looked");
  return { state, survey, conversation };
};

const firstLane = ({ lanes }: Survey): Lane => {
  const [lane] = lanes.values();
  if (lane === undefined) throw new Error("there is a lane");
  return lane;
};

const FORBIDDEN = budget({ allowed: 0, needed: 1, healthy: 1, expected: 1, minAvailable: 1 });
const ALL: LadderRules = { surge: [{ namespace: "shop" }] };
const told = (state: DrainState, word: Partial<NonNullable<DrainState["ladder"]>>): DrainState => ({
  ...state,
  ladder: { released: new Set(), exhausted: new Set(), restarting: new Map(), ...word },
});

describe("a pod is held back from eviction", () => {
  it.each<[string, Scene, boolean]>([
    [
      "not in a run without a ladder, whatever its annotation says",
      { deployment: { ladder: "surge-first" } },
      false,
    ],
    ["not without being opted in", { rules: {} }, false],
    [
      "when its own annotation asks for surge-first",
      { rules: {}, deployment: { ladder: "surge-first" } },
      true,
    ],
    [
      "when a rule asks for surge-first",
      { rules: { surgeFirst: [{ namespace: "shop" }] }, budgets: [budget()] },
      true,
    ],
    ["when it is alone and a surge can spare it", { rules: ALL }, true],
    [
      "when it is alone and a restart can spare it",
      { rules: { rolloutRestart: [{ namespace: "shop" }] } },
      true,
    ],
    ["not when a PDB says what may be down", { rules: ALL, budgets: [FORBIDDEN] }, false],
    ["not when it is one of several", { rules: ALL, deployment: { desired: 2 } }, false],
    ["not for a rung that does not spare it", { rules: { evictUnhealthy: [{ namespace: "shop" }] } }, false],
  ])("%s", (_, scene, expected) => expect(isHeldBack(look(scene).state, pod("web-1"))).toBe(expected));

  it("until the ladder lets it go", () => {
    const { state } = look({ rules: ALL });
    expect(isHeldBack(told(state, { released: new Set(["shop/Deployment/api"]) }), pod("web-1"))).toBe(true);
    expect(isHeldBack(told(state, { released: new Set(["shop/Deployment/web"]) }), pod("web-1"))).toBe(false);
  });
});

describe("a pod that a rollout of ours is about to replace", () => {
  const allowed: LadderRules = { rolloutRestart: [{ namespace: "shop" }] };
  const { state } = look({ rules: allowed, budgets: [FORBIDDEN], deployment: { desired: 3 } });
  const restarting = (workload: string, forMs: number): boolean =>
    isHeldBack(
      told(state, {
        released: new Set(["shop/Deployment/web"]),
        restarting: new Map([[workload, state.now + forMs]]),
      }),
      pod("web-1"),
    );

  it("is not evicted beside it, whatever else was said of its workload", () => {
    expect(restarting("shop/Deployment/web", 1)).toBe(true);
    expect(restarting("shop/Deployment/api", 1)).toBe(false);
  });

  it("is waited for only so long", () => {
    expect(restarting("shop/Deployment/web", 0)).toBe(false);
  });
});

describe("a lane is not hopeless", () => {
  const scene: Scene = { rules: ALL, budgets: [FORBIDDEN] };
  it("while a rung may help one of its pods", () => {
    const { state, survey } = look(scene);
    expect(mayClimb(state, firstLane(survey))).toBe(true);
    expect(mayClimbFor(state, pod("web-1"))).toBe(true);
  });

  it("but is when none is allowed, or none is left", () => {
    const { state, survey } = look(scene);
    const bare = look({ budgets: [FORBIDDEN] });
    expect(mayClimb(bare.state, firstLane(bare.survey))).toBe(false);
    expect(mayClimb(told(state, { exhausted: new Set(["pdb:shop/web"]) }), firstLane(survey))).toBe(false);
    expect(mayClimbFor(told(state, { exhausted: new Set(["uid-web-1"]) }), pod("web-1"))).toBe(false);
  });
});

describe("stuck workloads", () => {
  const stuckIn = (scene: Scene): readonly object[] => {
    const { state, survey } = look(scene);
    return findStuck(state, survey).map(({ stuck }) => ({
      code: stuck.code,
      key: stuck.key,
      pods: stuck.pods.map(({ name }) => name),
      siblings: stuck.siblings.map(({ name }) => name),
    }));
  };
  const other = pod("web-2", { node: "green-0" });

  it("are those that a budget holds, with all other pods of the budget", () => {
    const found = stuckIn({ rules: ALL, budgets: [FORBIDDEN], pods: [pod("web-1"), other] });
    expect(found).toEqual([
      { code: "BLOCKED_BY_SPEC", key: "pdb:shop/web", pods: ["web-1"], siblings: ["web-2"] },
    ]);
  });

  it("are those that several budgets hold, each pod for itself", () => {
    const second = budget({ uid: "pdb-2", name: "web-2" });
    const found = stuckIn({ rules: ALL, budgets: [FORBIDDEN, second], deployment: { desired: 2 } });
    expect(found).toEqual([{ code: "MULTIPLE_PDBS", key: "uid-web-1", pods: ["web-1"], siblings: [] }]);
  });

  it("are single pods without a PDB", () =>
    expect(stuckIn({ rules: ALL })).toMatchObject([{ code: "SINGLE", pods: ["web-1"] }]));

  it.each<[string, Scene]>([
    ["nobody opted in", { rules: {}, budgets: [FORBIDDEN] }],
    ["can move", { rules: ALL, budgets: [budget()], deployment: { desired: 3 } }],
    ["a surge-first has in hand", { rules: { surgeFirst: [{ namespace: "shop" }] }, budgets: [FORBIDDEN] }],
  ])("are not those that %s", (_, scene) => expect(stuckIn(scene)).toEqual([]));
});

describe("surge-first", () => {
  const rules: LadderRules = { surgeFirst: [{ namespace: "shop" }] };
  it("begins with Deployments that have pods on blue and are not released", () => {
    const { state, survey } = look({ rules });
    expect(findFirst(state, survey).map(({ uid }) => uid)).toEqual(["deploy-web"]);
    expect(findFirst(told(state, { released: new Set(["shop/Deployment/web"]) }), survey)).toEqual([]);
    const moved = look({ rules, pods: [pod("web-1", { node: "green-0" })] });
    expect(findFirst(moved.state, moved.survey)).toEqual([]);
  });

  it("sees where each pod is and whether our mark is on it", () => {
    const annotations = { [DELETION_COST]: "-1000", [LADDER_ANNOTATION.priorCost]: "" };
    const { state, survey } = look({
      rules,
      pods: [
        pod("web-1", { annotations }),
        pod("web-2", { node: "green-0", ready: false, annotations: { [DELETION_COST]: "-1000" } }),
        pod("web-3", { deletingSince: 1 }),
      ],
    });
    expect(firstPodsOf(DEPLOYMENT, state, survey)).toMatchObject([
      { name: "web-1", blue: true, ready: true, gone: false, marked: true },
      { name: "web-2", blue: false, ready: false, gone: false, marked: false },
      { name: "web-3", blue: true, gone: true },
    ]);
  });
});

describe("the ladder acts", () => {
  const scene: Scene = { rules: ALL, budgets: [FORBIDDEN] };
  it("on what the engine sees", () => {
    const { state, survey } = look(scene);
    expect(mayHelpNow(state)).toBe(survey);
  });

  it.each<[string, (conversation: ReturnType<typeof talk>) => unknown]>([
    ["once the run is ending", ({ send }) => send(now => ({ kind: "cancelled", now, reason: "stop" }))],
    [
      "while a guard is closed",
      ({ send }) =>
        send(now => ({
          kind: "guards",
          now,
          guards: [{ name: "g", state: "closed", then: "hold", reason: "r" }],
        })),
    ],
    ["while successors could land on blue", ({ see }) => see(set.node(node("blue-0", { cordoned: false })))],
  ])("not %s", (_, disturb) => {
    const { conversation } = look(scene);
    disturb(conversation);
    expect(mayHelpNow(conversation.state())).toBeUndefined();
  });

  it("not in a run without a ladder", () =>
    expect(mayHelpNow(look({ budgets: [FORBIDDEN] }).state)).toBeUndefined());
});
