import {
  type Accepted,
  type InPlace,
  judgeInPlace,
} from "../../../../../components/clouds/kubeadm/live/judgeInPlace";
import { projectBudget } from "../../../../../kube/budgetView";
import { projectNode } from "../../../../../kube/nodeView";
import { projectPod } from "../../../../../kube/podView";

const TODAY = "2026-11-22";

const node = (name: string, { taints = [] as object[], ready = true, unschedulable = false } = {}) =>
  projectNode({
    metadata: { name, labels: { "kubernetes.io/hostname": name } },
    spec: { taints, unschedulable },
    status: { conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
  });

const RESERVED = { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" };

interface PodEdits {
  readonly spec?: object;
  readonly metadata?: object;
  readonly phase?: string;
}

/** One of a Deployment, as its ReplicaSet makes them. */
const pod = (app: string, number: number, { spec, metadata, phase = "Running" }: PodEdits = {}) =>
  projectPod({
    metadata: {
      ...{ name: `${app}-5d4f-${number}`, namespace: "shop", uid: `${app}-${number}` },
      labels: { app, "pod-template-hash": "5d4f" },
      ownerReferences: [{ kind: "ReplicaSet", name: `${app}-5d4f`, uid: app, controller: true }],
      ...metadata,
    },
    spec: { nodeName: "cp1", terminationGracePeriodSeconds: 45, ...spec },
    status: { phase, conditions: [{ type: "Ready", status: "True" }] },
  });

const budget = (app: string, disruptionsAllowed: number, pods: number) =>
  projectBudget({
    metadata: { name: app, namespace: "shop" },
    spec: { selector: { matchLabels: { app } } },
    status: { disruptionsAllowed, currentHealthy: pods, expectedPods: pods },
  });

const BARE = pod("debug", 0, { metadata: { name: "debug", labels: {}, ownerReferences: [] } });
const CACHE = pod("cache", 0, { spec: { volumes: [{ name: "tmp", emptyDir: {} }] } });

const site = (edits: Partial<InPlace> = {}): InPlace => ({
  machine: "cp1",
  nodes: [node("cp1")],
  pods: [pod("web", 0), pod("web", 1), pod("mailer", 0)],
  budgets: [],
  ...edits,
});

const accepting = (disregard: NonNullable<Accepted["outage"]>["disregard"] = {}, until = "2026-12-31") => ({
  outage: { until, reason: "closed at night", disregard },
  today: TODAY,
});

const NOTHING: Accepted = { outage: undefined, today: TODAY };

const codes = (edits: Partial<InPlace>, accepted: Accepted = accepting()) =>
  judgeInPlace(site(edits), accepted).problems.map(({ code, message }) => `${code} ${message.split(" ")[0]}`);

describe("a machine that is upgraded where it stands", () => {
  it("is refused where it is the only one, with what would be away, for how long, and both ways out", () => {
    const [problem, ...others] = judgeInPlace(site(), NOTHING).problems;
    expect(others).toEqual([]);
    expect(problem).toMatchObject({
      code: "Kubeadm.Outage",
      path: "cluster.kubeadm.acceptedOutage",
      message: expect.stringMatching(
        /^cp1 .*there is no second machine, so away are 3 pods of 2 workloads: shop\/mailer \(1\), shop\/web \(2\); from their end \(up to 45 s .* some minutes in all$/,
      ) as string,
      fix: expect.stringMatching(/^give them room first: .*; or accept it: `acceptedOutage: /) as string,
    });
  });

  it("is told of and not refused once somebody accepts it, with day and reason", () => {
    expect(judgeInPlace(site(), accepting())).toEqual({
      problems: [],
      told: [
        expect.stringMatching(
          /^outage accepted until 2026-12-31 \(closed at night\): away while cp1 is upgraded are 3 pods of 2 workloads/,
        ) as string,
      ],
    });
  });

  it("is still accepted on the last day, and refused on the next with the day that is over", () => {
    expect(judgeInPlace(site(), accepting({}, TODAY)).problems).toEqual([]);
    const { problems, told } = judgeInPlace(site(), accepting({}, "2026-11-21"));
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("accepted until 2026-11-21, which is over"),
    ]);
    expect(told).toEqual([]);
  });

  it("is none of this where nothing on it leaves: static pods, DaemonSets, ended and foreign pods stay", () => {
    const owned = (kind: string) => ({ ownerReferences: [{ kind, name: "x", uid: "x", controller: true }] });
    const pods = [
      pod("a", 0, { metadata: owned("Node") }),
      pod("b", 0, { metadata: owned("DaemonSet") }),
      pod("c", 0, { phase: "Succeeded" }),
      pod("d", 0, { spec: { nodeName: "w1" } }),
      pod("e", 0, { spec: { nodeName: undefined } }),
    ];
    expect(judgeInPlace(site({ pods }), NOTHING)).toEqual({ problems: [], told: [] });
  });

  it.each([
    ["another node takes them", [node("w1")], []],
    ["the other node is cordoned", [node("w1", { unschedulable: true })], ["Kubeadm.Outage cp1"]],
    ["the other node is not Ready", [node("w1", { ready: false })], ["Kubeadm.Outage cp1"]],
    ["the other node keeps them off", [node("cp2", { taints: [RESERVED] })], ["Kubeadm.Outage cp1"]],
  ])("judges by the other nodes: %s", (_title, others, found) => {
    expect(codes({ nodes: [node("cp1"), ...others] }, NOTHING)).toEqual(found);
  });

  it("says of pods that another node may not take that there is one, and counts these alone", () => {
    const pinned = pod("till", 0, { spec: { nodeSelector: { "kubernetes.io/hostname": "cp1" } } });
    const pods = [pod("web", 0), pinned];
    const { problems } = judgeInPlace(site({ nodes: [node("cp1"), node("w1")], pods }), NOTHING);
    expect(problems.map(({ message }) => message)).toEqual([
      expect.stringContaining("no other node takes them, so away are 1 pod of 1 workload: shop/till (1);"),
    ]);
  });

  it.each([
    ["a budget that allows fewer than have to go", { budgets: [budget("web", 1, 2)] }, ["shop/web"]],
    ["a budget that lets all of them go at once", { budgets: [budget("web", 2, 2)] }, []],
    ["a budget of other pods", { budgets: [budget("counter", 0, 2)] }, []],
    ["a pod that nobody makes again", { pods: [BARE] }, ["shop/debug"]],
    ["local data", { pods: [CACHE] }, ["shop/cache"]],
  ])("refuses what a drain would stop at, also in an accepted outage: %s", (_title, edits, workloads) => {
    expect(codes(edits)).toEqual(workloads.map(name => `Kubeadm.NotEvicted ${name}`));
  });

  it("refuses the same where pods have another place, since a drain stops at it there, too", () => {
    const nodes = [node("cp1"), node("w1")];
    expect(codes({ nodes, pods: [BARE, CACHE] }, NOTHING)).toEqual([
      "Kubeadm.NotEvicted shop/debug",
      "Kubeadm.NotEvicted shop/cache",
    ]);
    expect(codes({ nodes, budgets: [budget("web", 1, 2)] }, NOTHING)).toEqual([]);
    expect(codes({ nodes, budgets: [budget("web", 0, 2)] }, NOTHING)).toEqual([
      "Kubeadm.NotEvicted shop/web",
    ]);
  });

  it("passes over exactly what is accepted of a workload, and says that it will be deleted", () => {
    const edits = { pods: [CACHE, BARE], budgets: [budget("cache", 0, 1)] };
    expect(codes(edits, accepting({ "shop/cache": ["localData"], "shop/debug": ["budget"] }))).toEqual([
      "Kubeadm.NotEvicted shop/cache",
      "Kubeadm.NotEvicted shop/debug",
    ]);
    const all = accepting({ "shop/cache": ["localData", "budget"], "shop/debug": ["noController"] });
    expect(judgeInPlace(site(edits), all)).toEqual({
      problems: [],
      told: [
        expect.stringContaining("away while cp1 is upgraded are 2 pods of 2 workloads") as string,
        "deleted, not evicted, on cp1: shop/cache; its budget cache allows 0 of the pods that have to go",
        "deleted, not evicted, on cp1: shop/cache; it has an emptyDir, whose data is lost",
        "deleted, not evicted, on cp1: shop/debug; nobody makes its pod again",
      ],
    });
  });

  it("names what is passed over in the very words that config takes", () => {
    const [problem] = judgeInPlace(site({ pods: [BARE] }), accepting()).problems;
    expect(problem?.fix).toContain("`disregard: {shop/debug: [noController]}`");
  });
});
