import type { AuditLine } from "../../../../../lab/auditor/format";
import { begin, observe, openCase } from "../../../../../lab/auditor/judge";
import type { RawObject, Resource } from "../../../../../lab/auditor/objects";
import { summarise } from "../../../../../lab/auditor/summary";
import type { Evidence } from "../../../../../lab/auditor/summary";
import type { Seen } from "../../../../../lab/auditor/world";
import type { ActFacts, ReportFacts } from "../../../../../lab/demo/report/facts";
import { budget, deployment, node, pod } from "../../auditor/cluster";

/** name, replicas, and how many may be away at once (undefined: nobody wrote a budget). */
const SHOP = [
  ["cart", 6, 1],
  ["checkout", 3, 1],
  ["frontend", 12, 4],
  ["mailer", 1, undefined],
  ["search", 8, undefined],
] as const;

const START = Date.UTC(2026, 10, 21, 9, 0, 0);

const NODES = [1, 2, 3, 4, 5, 6];
const STEPS = Array.from({ length: 12 }, (_, step) => step);

/** A cluster and its judge, with a clock that the story moves on. */
const stage = () => {
  const open = openCase();
  const audit: AuditLine[] = [];
  const clock = { at: START };
  const say = (resource: Resource, raw: RawObject, change: Seen["change"] = "set"): void => {
    audit.push(...observe(open, { at: clock.at, resource, raw, change, initial: !open.begun }));
  };
  const evict = (app: string, name: string): void => {
    const reason = "EvictionByEvictionAPI";
    const gone = pod(name, {
      labels: { app },
      owner: { kind: "Deployment", name: app },
      leaving: true,
      reason,
    });
    say("pods", gone);
    say("pods", gone, "gone");
  };
  const run = (app: string, name: string, on: string): void =>
    say("pods", pod(name, { labels: { app }, owner: { kind: "Deployment", name: app }, node: on }));
  return { open, audit, clock, say, evict, run };
};
type Stage = ReturnType<typeof stage>;

const openShop = ({ open, audit, clock, say, run }: Stage): void => {
  NODES.forEach(index => say("nodes", node(`blue-${index}`)));
  for (const [app, replicas, away] of SHOP) {
    say("deployments", deployment(app, replicas));
    if (away !== undefined) say("poddisruptionbudgets", budget(app, { maxUnavailable: away }));
    for (let index = 0; index < replicas; index += 1) run(app, `${app}-${index}`, `blue-${(index % 6) + 1}`);
  }
  const { at } = clock;
  audit.push(...begin(open, at), { kind: "synced", at, pods: 30, nodes: 6 });
};

const raiseControlPlane = ({ audit, clock }: Stage): void => {
  const versions = [
    [0, "v1.35.8"],
    [9_000, "v1.36.4"],
    [13_500, "v1.36.4"],
  ] as const;
  versions.forEach(([after, version]) => audit.push({ kind: "version", at: clock.at + after, version }));
  clock.at += 20_000;
};

const moveApp = (on: Stage, [app, replicas]: (typeof SHOP)[number], picked: readonly number[]): void => {
  const there = picked.filter(index => index < replicas);
  on.clock.at += 300;
  there.forEach(index => on.evict(app, `${app}-${index}`));
  on.clock.at += 400;
  there.forEach(index => on.run(app, `${app}-new-${index}`, `green-${(index % 6) + 1}`));
};

const moveShop = (on: Stage, broken: boolean): void => {
  NODES.forEach(index => on.say("nodes", node(`green-${index}`)));
  NODES.forEach(index => on.say("nodes", node(`blue-${index}`, true)));
  for (const step of STEPS) {
    for (const app of SHOP) {
      const together = broken && app[0] === "checkout" ? 2 : Math.min(app[2] ?? 2, 2);
      moveApp(on, app, together === 2 ? [2 * step, 2 * step + 1] : [step]);
    }
  }
  on.clock.at += 2_000;
  NODES.forEach(index => on.say("nodes", node(`blue-${index}`, true), "gone"));
  on.clock.at += 1_500;
};

const SPANS = [
  ["UpgradeGate demo", "update", 0.5, 1.5],
  ["Backup demo", "update", 1.5, 6.5],
  ["LabControlPlane demo", "update", 6.5, 15],
  ["HealthGate demo", "update", 15, 16.5],
  ["LabNodePool workers-1-36-7c2e90", "create", 16.5, 19],
  ["GenerationGate workers-1-36-7c2e90", "create", 19, 20],
  ["Migration workers", "update", 20, 62],
  ["LabNodePool workers-1-35-19a4bb", "delete", 63, 64.5],
] as const;

const evidenceAt = (endedAt: number): Evidence => ({
  startedAt: START,
  endedAt,
  gaps: [],
  requests: { sent: 640, failed: 0, skipped: 0, p50Ms: 8, p99Ms: 41, slowestMs: 112 },
  failedRequests: [],
  stalledMs: 35,
});

/** A whole upgrade, told by the real judge: every pod of the shop is evicted once, within its budget unless `broken`. */
export const sampleRun = (broken = false): ReportFacts => {
  const on = stage();
  openShop(on);
  raiseControlPlane(on);
  moveShop(on, broken);
  const act: ActFacts = {
    title: "the upgrade",
    finished: true,
    startedAt: START,
    endedAt: on.clock.at,
    tookMs: on.clock.at - START,
    audit: on.audit,
    summary: summarise(on.open, evidenceAt(on.clock.at)),
    spans: SPANS.map(([name, op, from, to]) => ({
      name,
      op,
      startedAt: START + from * 1000,
      endedAt: START + to * 1000,
      failed: false,
    })),
    drains: [
      {
        generation: "workers-1-35-19a4bb",
        moved: 30,
        makespanSeconds: 38.4,
        lowerBoundSeconds: 36.2,
        bindingTerm: "PDB shop/cart",
      },
    ],
  };
  return {
    title: "one changed line",
    cluster: "demo",
    standsIn: "nodes are simulated",
    from: "1.35.8",
    to: "1.36.4",
    finished: true,
    acts: [act],
    passages: [
      { title: "pulumi preview", lines: ["~ changeover:LabControlPlane demo update", "+ <one> & 'two'"] },
    ],
  };
};

/** The only act of the sample, or what it is replaced by. */
export const actOf = ({ acts: [act] }: ReportFacts): ActFacts => {
  if (act === undefined) throw new Error("the sample has no act");
  return act;
};

export const withAct = (facts: ReportFacts, change: Partial<ActFacts>): ReportFacts => ({
  ...facts,
  acts: [{ ...actOf(facts), ...change }],
});
