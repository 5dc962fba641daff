import fc from "fast-check";
import { describePlan } from "../../../../../core/drain/plan/describePlan";
import { planDrain } from "../../../../../core/drain/plan/plan";
import type { ServiceFact } from "../../../../../core/drain/plan/planFacts";
import { workload } from "../../../../support/drainSimulator/builders";
import {
  budgets,
  finding,
  findingsOf,
  NOW,
  planFacts,
  planNode,
  planOf,
  planPod,
  REQUEST,
  WEB,
} from "./facts";

const GREEN = { labels: { matchLabels: { pool: "green" } } };
const nodes = [planNode("blue-0"), planNode("green-0")];

describe("what is asked for", () => {
  it.each([
    ["nodes that do not exist", { nodes: { names: ["blue-0", "blue-9"] } }, {}, "NODE_NOT_FOUND", ["blue-9"]],
    [
      "a selection of nothing",
      { nodes: { labels: { matchLabels: { pool: "red" } } } },
      {},
      "NO_NODE_SELECTED",
      [],
    ],
    ["a selection of everything", { nodes: { labels: {} } }, {}, "ALL_NODES_SELECTED", []],
    [
      "the only nodes that take pods",
      {},
      {
        nodes: [
          planNode("blue-0"),
          planNode("green-0", { cordoned: true }),
          planNode("green-1", { ready: false }),
        ],
      },
      "NO_NODE_LEFT",
      [],
    ],
    [
      "a source that is the target",
      { to: { names: ["blue-0", "green-0"] } },
      {},
      "SOURCE_IS_TARGET",
      ["blue-0"],
    ],
    ["a target of nothing", { to: { names: ["red-0"] } }, {}, "NO_TARGET_NODE", []],
    [
      "a target that takes nothing",
      { to: GREEN },
      { nodes: [...nodes.slice(0, 1), planNode("green-0", { cordoned: true }), planNode("other-0")] },
      "NO_TARGET_NODE",
      ["green-0"],
    ],
  ] as const)("refuses %s", (...[, request, facts, code, subjects]) => {
    expect(finding(planOf(facts, request), code)).toMatchObject({ severity: "fatal", subjects });
  });

  it("finds nothing to say about a calm cluster", () => {
    const plan = planOf({}, { to: GREEN });
    expect(plan).toMatchObject({
      nodes: ["blue-0"],
      pods: { total: 3, move: 3, wait: 0, ignored: 0, blocked: 0 },
      findings: [],
      capacity: { verdict: "FITS" },
    });
    expect(plan.budgets.map(({ code, budget, pods }) => ({ code, budget, pods }))).toEqual([
      { code: "OK", budget: "PDB shop/web", pods: 3 },
    ]);
  });

  it("takes the emptiest nodes when only a share is asked for", () => {
    const two = [planNode("blue-0"), planNode("blue-1"), planNode("green-0")];
    expect(planOf({ nodes: two }, { percent: 50 })).toMatchObject({ nodes: ["blue-1"], pods: { total: 0 } });
  });

  it("names what could not be read", () => {
    expect(finding(planOf({ unread: ["services"] }), "NOT_READ")).toMatchObject({
      severity: "warning",
      subjects: ["services"],
    });
  });
});

describe("pods", () => {
  const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "ds" };
  const { owner: _owner, ...bare } = planPod("bare");

  it("counts each once", () => {
    const plan = planOf({
      daemonSets: new Set(["ds"]),
      pods: [
        planPod("web-1"),
        planPod("agent", { owner }),
        planPod("going", { deletingSince: NOW - 1_000 }),
        planPod("job", { labels: { "cluster.x-k8s.io/drain": "wait-completed" } }),
        bare,
        planPod("elsewhere", { node: "green-0" }),
      ],
    });
    expect(plan.pods).toEqual({ total: 5, move: 1, wait: 2, ignored: 1, blocked: 1 });
  });

  it("refuses what kubectl refuses, and says what is lost when it is allowed", () => {
    const pods = [bare, planPod("cache", { localStorage: true })];
    expect(findingsOf(planOf({ pods }))).toEqual(["fatal LOCAL_STORAGE", "fatal NOT_REPLICATED"]);
    const rules = { force: true, deleteEmptyDirData: true };
    expect(findingsOf(planOf({ pods }, { rules }))).toEqual([
      "warning LOCAL_STORAGE",
      "warning NOT_REPLICATED",
      "info SHARED",
    ]);
  });

  it("only warns of pods whose owners ask for time: the others are moved", () => {
    const asks = planPod("asks", { annotations: { "karpenter.sh/do-not-disrupt": "true" } });
    const plan = planOf({ pods: [asks, planPod("web-1")] });
    expect(findingsOf(plan)).toEqual(["warning DO_NOT_DISRUPT"]);
    expect(plan.pods).toMatchObject({ move: 1, blocked: 1 });
  });

  it("does not move what belongs to nobody it knows", () => {
    const lost = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "old", uid: "gone" };
    const plan = planOf({ pods: [planPod("lost", { owner: lost })], budgets: [] });
    expect(findingsOf(plan)).toEqual(["warning OWNER_UNKNOWN"]);
    expect(plan.pods).toMatchObject({ move: 0, blocked: 1 });
  });
});

describe("budgets", () => {
  it("counts the pods of a budget that lets nobody go as blocked, and goes on", () => {
    const plan = planOf({ budgets: budgets({ allowed: 0, needed: 3, maxUnavailable: 0 }) });
    expect(plan.pods).toMatchObject({ move: 0, blocked: 3 });
    expect(finding(plan, "BLOCKED_BY_SPEC")).toMatchObject({
      severity: "warning",
      subjects: ["PDB shop/web"],
    });
    expect(plan.bound.seconds).toBe(0);
  });

  it("blocks pods under several PDBs", () => {
    const plan = planOf({ budgets: budgets({}, { uid: "2", name: "all", selector: {} }) });
    expect(plan.budgets.map(({ code }) => code)).toEqual(["MULTIPLE_PDBS"]);
    expect(plan.pods.blocked).toBe(3);
  });

  it("sees that a budget is shared with a workload elsewhere", () => {
    const db = { apiVersion: "apps/v1", kind: "StatefulSet", name: "db", uid: "s-db" };
    const plan = planOf({
      workloads: [...WEB, workload(1, { uid: "s-db", kind: "StatefulSet", name: "db" })],
      pods: [planPod("web-1"), planPod("db-0", { node: "green-0", owner: db })],
    });
    expect(plan.budgets).toMatchObject([
      { code: "SHARED", pods: 1, workloads: ["Deployment shop/web", "StatefulSet shop/db"] },
    ]);
  });

  it("sets its own for workloads without one, and warns of the last pod", () => {
    const eight = planOf({ budgets: [], workloads: WEB.map(fact => ({ ...fact, desired: 8 })) });
    expect(eight.budgets).toMatchObject([
      { code: "NONE", budget: "Deployment shop/web (no PDB)", pods: 3, needs: 6, expected: 8, allowed: 0 },
    ]);
    const one = {
      budgets: [],
      workloads: WEB.map(fact => ({ ...fact, desired: 1 })),
      pods: [planPod("web-1")],
    };
    expect(finding(planOf(one), "SINGLE_REPLICA")?.subjects).toEqual(["Deployment shop/web"]);
  });

  it("warns of Jobs that an eviction would fail for good", () => {
    const owner = { apiVersion: "batch/v1", kind: "Job", name: "once", uid: "j" };
    const plan = (failsByEviction: boolean) =>
      planOf({
        pods: [planPod("once-1", { owner, labels: {} })],
        workloads: [workload(1, { uid: "j", kind: "Job", name: "once", failsByEviction })],
      });
    expect(finding(plan(true), "JOB_FAILS")?.subjects).toEqual(["Job shop/once"]);
    expect(findingsOf(plan(false))).toEqual([]);
  });

  it("tells who would set changed fields back", () => {
    const workloads = WEB.map(fact => ({ ...fact, gitOps: "Flux" as const }));
    expect(finding(planOf({ workloads }), "GITOPS_OWNED")).toMatchObject({
      severity: "info",
      subjects: ["Deployment shop/web"],
      message: "Flux would set a changed number of pods back",
    });
  });
});

describe("room", () => {
  const small = [planNode("blue-0"), planNode("green-0", {}, 200)];

  it("refuses when the pods fit nowhere, and names those that alone fit nowhere", () => {
    expect(finding(planOf({ nodes: small }), "CAPACITY_IMPOSSIBLE")).toMatchObject({
      severity: "fatal",
      message: "3 pods ask for cpu 300, free is 200",
    });
    const pods = [planPod("big", {}, { requests: { cpu: 5_000 } })];
    expect(finding(planOf({ pods }), "CAPACITY_IMPOSSIBLE")?.subjects).toEqual(["shop/big"]);
  });

  it("warns when only other nodes than the target have room", () => {
    const plan = planOf({ nodes: [...small, planNode("other-0")] }, { to: GREEN });
    expect(plan.capacity.verdict).toBe("IMPOSSIBLE");
    expect(findingsOf(plan)).toEqual(["warning TARGET_TOO_SMALL"]);
  });

  it("never counts nodes that another run leaves", () => {
    const taints = [{ key: "changeover.dev/leaving", effect: "PreferNoSchedule" }];
    const plan = planOf({ nodes: [...small, planNode("other-0", { taints })] });
    expect(findingsOf(plan)).toEqual(["fatal CAPACITY_IMPOSSIBLE"]);
  });

  it("does not answer for pods that found no room before", () => {
    const { node: _node, ...waiting } = planPod("huge", { phase: "Pending", unschedulable: "0/2 nodes" });
    const pods = [planPod("web-1"), { ...waiting, placed: { ...waiting.placed, requests: { cpu: 9_999 } } }];
    expect(findingsOf(planOf({ pods }))).toEqual(["info PENDING_BEFORE"]);
  });

  it("warns that pods of higher priority would push others out", () => {
    const stays = planPod("stays", { node: "green-0" }, { requests: { cpu: 900 } });
    const preemptors = (more: object): readonly string[] | undefined =>
      finding(planOf({ pods: [planPod("big", more, { requests: { cpu: 500 } }), stays] }), "WOULD_PREEMPT")
        ?.subjects;
    expect(preemptors({ priority: 10 })).toEqual(["shop/big"]);
    expect(preemptors({ priority: 10, preempts: false })).toBeUndefined();
    expect(preemptors({})).toBeUndefined();
  });

  it("finds the trap of a spread that counts emptied nodes", () => {
    const topologySpread = [
      {
        topologyKey: "kubernetes.io/hostname",
        maxSkew: 1,
        whenUnsatisfiable: "DoNotSchedule",
        labelSelector: { matchLabels: { app: "web" } },
      },
    ];
    const pods = ["web-1", "web-2"].map(name => planPod(name, {}, { topologySpread }));
    const plan = planOf({ pods });
    expect(finding(plan, "SPREAD_TRAP")?.subjects).toEqual(["shop/web-2"]);
    expect(plan.capacity.verdict).toBe("UNPROVEN");
    const honest = pods.map(pod => ({
      ...pod,
      placed: {
        ...pod.placed,
        topologySpread: topologySpread.map(one => ({ ...one, nodeTaintsPolicy: "Honor" })),
      },
    }));
    expect(findingsOf(planOf({ pods: honest }))).toEqual([]);
    expect(findingsOf(planOf({ pods: honest }, { cordon: false }))).toContain("warning SPREAD_TRAP");
  });
});

describe("load balancers", () => {
  const AWS = "service.beta.kubernetes.io/aws-load-balancer";
  const service = (
    annotations: ServiceFact["annotations"],
    more: Partial<ServiceFact> = {},
  ): ServiceFact => ({
    namespace: "shop",
    name: "front",
    type: "LoadBalancer",
    selector: { app: "web" },
    annotations,
    ...more,
  });
  const byIp = { [`${AWS}-nlb-target-type`]: "ip" };
  const quick = { ...byIp, [`${AWS}-target-group-attributes`]: "deregistration_delay.timeout_seconds=20" };
  const gated = ["web-1"].map(name => planPod(name, { readinessGates: ["target-health.elbv2.k8s.aws/x"] }));

  it.each([
    ["no gate", [planPod("web-1")], service(quick), /no readiness gate/],
    ["a grace shorter than the default delay", gated, service(byIp), /end within 30 s .* for 300 s/],
    [
      "endpoints of Google without a gate",
      [planPod("web-1")],
      service({ "cloud.google.com/neg": "{}" }),
      /Google/,
    ],
  ] as const)("warns of %s", (...[, pods, given, message]) => {
    const found = finding(planOf({ pods, services: [given] }), "LB_UNSAFE");
    expect(found).toMatchObject({ severity: "warning", subjects: ["shop/front"] });
    expect(found?.message).toMatch(message);
  });

  it.each([
    ["gate and time enough", gated, service(quick)],
    ["targets that are nodes", [planPod("web-1")], service({})],
    ["other pods", [planPod("web-1")], service(byIp, { selector: { app: "db" } })],
    ["no selector", [planPod("web-1")], service(byIp, { selector: {} })],
  ] as const)("has nothing against %s", (...[, pods, given]) => {
    expect(finding(planOf({ pods, services: [given] }), "LB_UNSAFE")).toBeUndefined();
  });
});

it("is told as text, the gravest first, three names at most", () => {
  const extra = ["a", "b", "c", "d", "e"].map(name => {
    const { owner: _owner, ...bare } = planPod(name, { labels: {} });
    return bare;
  });
  const asks = planPod("asks", { annotations: { "karpenter.sh/do-not-disrupt": "true" } });
  const plan = planOf({ pods: [...planFacts().pods, ...extra, asks] });
  expect(describePlan(plan)).toEqual([
    "1 node to empty: blue-0",
    "9 pods on them: 3 move, 0 are waited for, 0 are left alone, 6 are blocked",
    "1 budget: 1 OK",
    "room for them: FITS",
    "no drainer can be faster than 21.4 s (PDB shop/web: 3 pods, 1 at a time, 10.2 s each, 10 s to start (assumed)); predicted 31 s",
    "fatal NOT_REPLICATED: no controller would create it again: shop/a, shop/b, shop/c … (2 more)",
    "    fix: give it a controller, or use force",
    "warning DO_NOT_DISRUPT: its owner asks not to disrupt it: shop/asks",
    "    fix: take the annotation karpenter.sh/do-not-disrupt away, or disregard DO_NOT_DISRUPT",
  ]);
});

it("is the same whatever order the facts come in", () => {
  const facts = planFacts({
    pods: Array.from({ length: 12 }, (_, index) =>
      planPod(`web-${index}`, { localStorage: index % 3 === 0, node: index % 2 === 0 ? "blue-0" : "blue-1" }),
    ),
    nodes: [
      planNode("blue-0"),
      planNode("blue-1"),
      planNode("green-0", {}, 500),
      planNode("green-1", {}, 500),
    ],
    budgets: budgets({}, { uid: "2", name: "all", selector: {} }),
  });
  const plan = planDrain(facts, REQUEST);
  fc.assert(
    fc.property(
      fc.shuffledSubarray([...facts.pods], { minLength: facts.pods.length }),
      fc.shuffledSubarray([...facts.nodes], { minLength: facts.nodes.length }),
      (pods, shuffled) => {
        expect(planDrain({ ...facts, pods, nodes: shuffled }, REQUEST)).toEqual(plan);
      },
    ),
    { numRuns: 50 },
  );
});
