import fc from "fast-check";
import type { Answer } from "../../../../core/drain/answers";
import type { DrainAction, DrainEvent } from "../../../../core/drain/events";
import type { Change } from "../../../../core/drain/facts";
import { next } from "../../../../core/drain/next";
import { settle } from "../../../../core/drain/settlement";
import { createState, type DrainState } from "../../../../core/drain/state";
import { surveyAfresh, surveyDrain } from "../../../../core/drain/survey";
import type { Survey } from "../../../../core/drain/surveyed";
import { type Groups, versioned } from "../../../../core/drain/versioned";
import { budget, node, pod, set, START, workload } from "../../../support/drainSimulator/builders";
import { SPEC } from "../../../support/drainSimulator/run";

const one = fc.constantFrom;
const serial = fc.integer({ min: 0, max: 7 });
const app = one("web", "db", "job");
const owner = one(
  { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "rs-web" },
  { apiVersion: "apps/v1", kind: "StatefulSet", name: "db", uid: "sts-db" },
  { apiVersion: "example.com/v1", kind: "Robot", name: "r2", uid: "robot" },
  { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "ds" },
  undefined,
);
const oneNode = one("blue-0", "blue-1", "green-0", undefined);

const podSet: fc.Arbitrary<Change> = fc
  .record({
    serial,
    app,
    owner,
    node: oneNode,
    ready: fc.boolean(),
    going: fc.boolean(),
    critical: fc.boolean(),
    wish: one("", "wait-completed", "skip"),
    createdAt: one(0, START + 1_000),
    claims: one(undefined, ["data"]),
  })
  .map(({ serial: n, app: name, going, critical, wish, ...drawn }) => {
    const { node: place, owner: ref, claims, ...rest } = drawn;
    const { node: _, owner: __, ...base } = pod(`p-${n}`, rest);
    return set.pod({
      ...base,
      labels: { app: name, ...(wish === "" ? {} : { "cluster.x-k8s.io/drain": wish }) },
      ...(place === undefined ? {} : { node: place }),
      ...(ref === undefined ? {} : { owner: ref }),
      ...(going ? { deletingSince: START } : {}),
      ...(critical ? { priorityClass: "system-cluster-critical" } : {}),
      ...(claims === undefined ? {} : { claims }),
    });
  });

const budgetSet = fc
  .record({ uid: one("pdb-1", "pdb-2"), app: one("web", "db", ""), allowed: fc.nat(2), version: fc.nat(5) })
  .map(({ uid, app: name, allowed, version }) =>
    set.budget(
      budget({
        ...{ uid, name: uid, allowed, resourceVersion: String(version) },
        selector: name === "" ? {} : { matchLabels: { app: name } },
      }),
    ),
  );

const deployment = { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "d-web" };
const workloadSet = fc
  .record({ which: one("rs", "child", "deployment", "sts"), desired: fc.nat(5) })
  .map(({ which, desired }) => {
    if (which === "rs") return set.workload(workload(desired));
    if (which === "child") return set.workload(workload(desired, { owner: deployment }));
    if (which === "sts")
      return set.workload(workload(desired, { uid: "sts-db", kind: "StatefulSet", name: "db" }));
    return set.workload(workload(desired, { uid: "d-web", kind: "Deployment" }));
  });

const nodeSet = fc
  .record({
    name: one("blue-0", "blue-1", "green-0"),
    pool: one("blue", "green"),
    fenced: fc.boolean(),
    cordoned: fc.boolean(),
    lost: fc.boolean(),
  })
  .map(({ name, pool, lost, ...rest }) =>
    set.node(
      node(name, {
        ...rest,
        labels: { pool },
        taints: lost ? [{ key: "node.kubernetes.io/unreachable", effect: "NoExecute" }] : [],
      }),
    ),
  );

const attachmentSet = fc
  .record({ uid: one("va-1", "va-2"), node: one("blue-0", "blue-1"), claim: one("shop/data", "shop/other") })
  .map(({ uid, ...rest }): Change => ({
    type: "set",
    object: { kind: "attachment", fact: { uid, name: uid, ...rest } },
  }));

const volumeSet = fc
  .record({ uid: one("pv-1", "pv-2"), claim: one("shop/data", "shop/other", undefined), local: fc.boolean() })
  .map(({ uid, claim, local }): Change => ({
    type: "set",
    object: {
      kind: "volume",
      fact: { uid, name: uid, local, ...(claim === undefined ? {} : { claim }) },
    },
  }));

const daemons = one<Change>(
  { type: "set", object: { kind: "daemonSet", fact: { uid: "ds", namespace: "shop", name: "agent" } } },
  { type: "gone", kind: "daemonSet", uid: "ds" },
  { type: "listed", kind: "daemonSet" },
);

const vanish = fc.oneof(
  serial.map(n => ({ kind: "pod" as const, uid: `uid-p-${n}` })),
  one("pdb-1", "pdb-2").map(uid => ({ kind: "budget" as const, uid })),
  one("rs-web", "d-web", "sts-db").map(uid => ({ kind: "workload" as const, uid })),
  one("blue-0", "blue-1").map(uid => ({ kind: "node" as const, uid })),
  one("va-1", "va-2").map(uid => ({ kind: "attachment" as const, uid })),
  one("pv-1", "pv-2").map(uid => ({ kind: "volume" as const, uid })),
);

const change: fc.Arbitrary<Change> = fc.oneof(
  { weight: 8, arbitrary: podSet },
  { weight: 4, arbitrary: budgetSet },
  { weight: 3, arbitrary: workloadSet },
  { weight: 2, arbitrary: nodeSet },
  { weight: 1, arbitrary: attachmentSet },
  { weight: 1, arbitrary: volumeSet },
  { weight: 1, arbitrary: daemons },
  { weight: 2, arbitrary: vanish.map(({ kind, uid }): Change => ({ type: "gone", kind, uid })) },
);

const answer = one<Answer>(
  { kind: "accepted" },
  { kind: "gone" },
  { kind: "budgetFull", message: "" },
  { kind: "throttled", afterMs: 1_000 },
  { kind: "refused", message: "no" },
  { kind: "later", afterMs: 500, reason: "reset", uncertain: true },
);

type Step = { readonly after: number } & (
  | { readonly kind: "see"; readonly changes: readonly Change[] }
  | { readonly kind: "answer"; readonly answer: Answer }
  | { readonly kind: "tick" }
);

const after = one(0, 10, 700, 6_000, 70_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: one("see" as const), after, changes: fc.array(change, { minLength: 1, maxLength: 4 }) }),
  fc.record({ kind: one("answer" as const), after, answer }),
  fc.record({ kind: one("tick" as const), after }),
);

const byUid = (a: { uid: string }, b: { uid: string }): number => (a.uid < b.uid ? -1 : 1);

const plainGroups = (groups: Groups) =>
  Object.fromEntries([...groups].map(([name, members]) => [name, [...members.keys()].sort()]));

/** Everything that decisions are made of, without the order in which it was found. */
const plain = (survey: Survey) => ({
  blue: new Map(survey.blue),
  open: new Map(survey.open),
  // How long a pod has been stuck is told as of when it was last looked at.
  blocked: new Map(
    [...survey.blocked].map(([uid, { pod: fact, code, message }]) => [
      uid,
      { fact, code, ...(code === "STUCK_TERMINATING" ? {} : { message }) },
    ]),
  ),
  awaited: new Map(survey.awaited),
  going: new Map(survey.going),
  attached: new Map([...survey.attached].map(([name, facts]) => [name, [...facts].sort(byUid)])),
  load: new Map(survey.load),
  counts: new Map(survey.counts),
  queued: survey.queued,
  tiers: new Map(survey.tiers),
  posted: new Map(survey.posted),
  tallied: new Map(survey.tallied),
  members: plainGroups(survey.members),
  arrivals: plainGroups(survey.arrivals),
  laneDue: new Map(survey.laneDue),
  lanes: new Map(
    [...survey.lanes].map(([key, lane]) => [
      key,
      { ...lane, queue: [...lane.queue].sort(byUid), ready: [...lane.ready].sort(byUid) },
    ]),
  ),
});

const afresh = (state: DrainState): DrainState["settlement"] => {
  const { counts } = surveyAfresh(state);
  const wanted = [...state.targets.values()].reduce((sum, target) => sum + target, 0);
  const none = { unsettled: versioned<string, never>(), owed: 0, wanted: 0 };
  return settle(none, state, { counts, keys: state.targets.keys(), wanted });
};

interface Life {
  state: DrainState;
  now: number;
  readonly posted: string[];
}

const eventOf = (life: Life, taken: Step): DrainEvent => {
  const { now } = life;
  if (taken.kind === "see") return { kind: "observed", now, changes: taken.changes };
  const uid = taken.kind === "answer" ? life.posted.shift() : undefined;
  if (taken.kind === "tick" || uid === undefined) return { kind: "tick", now };
  return { kind: "answered", now, uid, answer: taken.answer };
};

const live = (life: Life, event: DrainEvent): readonly DrainAction[] => {
  const [state, actions] = next(life.state, event);
  life.state = state;
  for (const action of actions) if (action.kind === "evict") life.posted.push(action.uid);
  return actions;
};

const SETTING: readonly Change[] = [
  ...["blue-0", "blue-1"].map(name => set.node(node(name))),
  set.node(node("green-0", { labels: { pool: "green" }, cordoned: false, fenced: false })),
  set.workload(workload(3)),
  set.budget(budget({ uid: "pdb-1", name: "pdb-1", selector: { matchLabels: { app: "web" } } })),
  ...[0, 1, 2].map(n => set.pod(pod(`p-${n}`, { node: `blue-${n % 2}` }))),
];

const SPECS = one(
  { ...SPEC, timeoutMs: 3_600_000 },
  { ...SPEC, timeoutMs: 3_600_000, cordon: false, rules: { force: true, deleteEmptyDirData: true } },
  { ...SPEC, timeoutMs: 3_600_000, percent: 50 },
);

it("shows the same whether it goes on from the last look or looks at everything anew", () => {
  fc.assert(
    fc.property(SPECS, fc.array(step, { minLength: 5, maxLength: 30 }), (spec, steps) => {
      const life: Life = { state: createState(spec, START), now: START, posted: [] };
      live(life, { kind: "observed", now: START, changes: SETTING });
      live(life, { kind: "synced", now: START });
      for (const taken of steps) {
        life.now += taken.after;
        live(life, eventOf(life, taken));
        if (life.state.outcome !== undefined) return;
        expect(plain(surveyDrain(life.state))).toEqual(plain(surveyAfresh(life.state)));
      }
      const { unsettled, owed, wanted } = settledAfterALook(life);
      const anew = afresh(life.state);
      expect({ owed, wanted, unsettled: new Map(unsettled) }).toEqual({
        owed: anew.owed,
        wanted: anew.wanted,
        unsettled: new Map(anew.unsettled),
      });
    }),
    { numRuns: Number(process.env["DRAIN_RUNS"] ?? 100) },
  );
});

/** Evictions just sent count as going only with the next look. */
const settledAfterALook = (life: Life): DrainState["settlement"] => {
  live(life, { kind: "tick", now: life.now });
  while (life.posted.length > 0) {
    const uid = life.posted.shift() ?? "";
    live(life, { kind: "answered", now: life.now, uid, answer: { kind: "refused", message: "no" } });
  }
  return life.state.settlement;
};
