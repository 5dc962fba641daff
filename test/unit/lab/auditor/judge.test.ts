import { summariseFloors, violationsOf } from "../../../../lab/auditor/floors";
import fc from "fast-check";
import { budget, deployment, node, pod, watched, webOf } from "./cluster";

const causes = (open: Parameters<typeof violationsOf>[0]) =>
  violationsOf(open).map(one => [one.floor, one.lowest, one.falls.map(fall => fall.cause)]);

describe("a floor", () => {
  it("holds while pods leave one by one and are replaced", () => {
    const cluster = webOf(3, { maxUnavailable: 1 });
    for (const name of ["web-1", "web-2", "web-3"]) {
      cluster.evict(name);
      cluster.say("pods", pod(`new-${name}`, { node: "green-1" }));
    }
    expect(violationsOf(cluster.open.floors)).toEqual([]);
    expect(summariseFloors(cluster.open.floors)).toEqual([
      expect.objectContaining({
        title: "Deployment web",
        kind: "budget",
        lowestReady: 2,
        floor: 2,
        evicted: 3,
        wasMet: true,
      }),
    ]);
  });

  it("is broken by the second pod that leaves at once, until a replacement is ready", () => {
    const cluster = webOf(3, { maxUnavailable: 1 });
    cluster.say("pods", pod("web-1"), "gone");
    cluster.say("pods", pod("web-2"), "gone");
    cluster.say("pods", pod("web-4", { node: "green-1" }));
    expect(violationsOf(cluster.open.floors)).toEqual([
      {
        subject: "budget shop/web",
        at: 10_000,
        until: 11_000,
        floor: 2,
        lowest: 1,
        falls: [{ pod: "shop/web-2", cause: "deleted", at: 10_000 }],
      },
    ]);
    expect(cluster.lines.filter(line => line.kind === "violation").map(line => line.state)).toEqual([
      "opened",
      "closed",
    ]);
  });

  it("counts a pod as away from the moment it is marked for deletion", () => {
    const cluster = webOf(2, { minAvailable: 2 });
    cluster.say("pods", pod("web-1", { leaving: true, reason: "PreemptionByScheduler" }));
    expect(causes(cluster.open.floors)).toEqual([[2, 1, ["preempted"]]]);
  });

  it("is broken by a pod that turns unready without being deleted", () => {
    const cluster = webOf(2, { minAvailable: "100%" });
    cluster.say("pods", pod("web-2", { ready: false }));
    expect(causes(cluster.open.floors)).toEqual([[2, 1, ["unready"]]]);
  });

  it("is not broken by scaling up past the ready count", () => {
    const cluster = webOf(3, { maxUnavailable: 1 });
    cluster.say("deployments", deployment("web", 9));
    expect(violationsOf(cluster.open.floors)).toEqual([]);
  });

  it("is broken by an eviction while it is not met after scaling up", () => {
    const cluster = webOf(3, { maxUnavailable: 1 });
    cluster.say("deployments", deployment("web", 9));
    cluster.evict("web-1");
    expect(causes(cluster.open.floors)).toEqual([[8, 2, ["evicted"]]]);
  });

  it("is not broken by scaling down", () => {
    const cluster = webOf(4, { maxUnavailable: 1 });
    cluster.say("deployments", deployment("web", 1));
    ["web-2", "web-3", "web-4"].forEach(name => cluster.say("pods", pod(name), "gone"));
    expect(violationsOf(cluster.open.floors)).toEqual([]);
  });

  it("is not broken while it was never met", () => {
    const cluster = watched([
      ["deployments", deployment("web", 3)],
      ["poddisruptionbudgets", budget("web", { minAvailable: 3 })],
      ["pods", pod("web-1")],
    ]);
    cluster.evict("web-1");
    expect(violationsOf(cluster.open.floors)).toEqual([]);
    expect(summariseFloors(cluster.open.floors)[0]).toMatchObject({ wasMet: false });
  });

  it("is made up for a workload that nobody wrote a budget for", () => {
    const cluster = webOf(8);
    ["web-1", "web-2"].forEach(name => cluster.evict(name));
    expect(violationsOf(cluster.open.floors)).toEqual([]);
    cluster.evict("web-3");
    expect(causes(cluster.open.floors)).toEqual([[6, 5, ["evicted"]]]);
    expect(summariseFloors(cluster.open.floors)[0]).toMatchObject({
      kind: "synthetic",
      lowestReady: 5,
      floor: 6,
    });
  });

  it("gives way when somebody writes a budget in the middle", () => {
    const cluster = webOf(4);
    cluster.say("poddisruptionbudgets", budget("web", { maxUnavailable: 3 }));
    ["web-1", "web-2", "web-3"].forEach(name => cluster.evict(name));
    expect(violationsOf(cluster.open.floors).filter(one => one.subject.startsWith("budget"))).toEqual([]);
  });

  it("lets a singleton go", () => {
    const cluster = webOf(1);
    cluster.evict("web-1");
    expect(violationsOf(cluster.open.floors)).toEqual([]);
  });
});

describe("the verdict on a floor", () => {
  it("agrees with counting all pods anew after each word", () => {
    const steps = fc.array(
      fc.record({ name: fc.nat(5), state: fc.constantFrom("ready", "unready", "leaving", "gone") }),
    );
    fc.assert(
      fc.property(steps, fc.nat(6), (list, floor) => {
        const cluster = webOf(6, { minAvailable: floor });
        const states = new Map(Array.from({ length: 6 }, (_, index) => [`web-${index + 1}`, "ready"]));
        const readyNow = () => [...states.values()].filter(state => state === "ready").length;
        let expected = 0;
        for (const { name: index, state } of list) {
          const name = `web-${index + 1}`;
          const before = readyNow();
          states.set(name, state);
          if (readyNow() < before && readyNow() < floor) expected += 1;
          const raw = pod(name, { ready: state === "ready", leaving: state === "leaving" });
          cluster.say("pods", raw, state === "gone" ? "gone" : "set");
        }
        expect(violationsOf(cluster.open.floors).flatMap(one => one.falls)).toHaveLength(expected);
      }),
    );
  });
});

describe("an eviction", () => {
  it("from a node that is being left is right", () => {
    const cluster = webOf(3);
    cluster.evict("web-1");
    expect(cluster.open.wrongEvictions).toEqual([]);
  });

  it("from a node that nobody leaves is wrong", () => {
    const cluster = webOf(3);
    cluster.say("pods", pod("web-4", { node: "green-1" }));
    cluster.evict("web-4", { node: "green-1" });
    expect(cluster.open.wrongEvictions).toEqual([
      expect.objectContaining({ pod: "shop/web-4", node: "green-1", why: "nodeNotLeaving" }),
    ]);
  });

  it("of a DaemonSet's pod is wrong on any node", () => {
    const cluster = webOf(1);
    const owner = { kind: "DaemonSet", name: "agent" };
    cluster.say("pods", pod("agent-1", { owner, labels: {} }));
    cluster.evict("agent-1", { owner, labels: {} });
    expect(cluster.open.wrongEvictions.map(one => one.why)).toEqual(["daemon"]);
  });

  it("is no matter where the pod had ended by itself", () => {
    const cluster = webOf(1);
    const owner = { kind: "Job", name: "import" };
    cluster.say("pods", pod("import-1", { owner, labels: {}, phase: "Succeeded", ready: false }));
    cluster.evict("import-1", { owner, labels: {}, phase: "Succeeded", ready: false });
    expect(cluster.open.moves.moved).toBe(0);
  });
});

describe("a node that goes", () => {
  it("is a loss when pods that something must move are still on it", () => {
    const cluster = webOf(2);
    cluster.say("nodes", node("blue-1"), "gone");
    expect(cluster.open.nodeLosses).toEqual([
      { at: 8000 - 1000, node: "blue-1", pods: ["shop/web-1", "shop/web-2"] },
    ]);
  });

  it("is none when only DaemonSet, static and ended pods are left", () => {
    const cluster = watched([["nodes", node("blue-1", true)]]);
    cluster.say("pods", pod("agent-1", { owner: { kind: "DaemonSet", name: "agent" } }));
    cluster.say("pods", pod("etcd-1", { owner: { kind: "Node", name: "blue-1" } }));
    cluster.say("pods", pod("import-1", { phase: "Failed", ready: false }));
    cluster.say("nodes", node("blue-1"), "gone");
    expect(cluster.open.nodeLosses).toEqual([]);
  });
});

describe("the story", () => {
  it("tells where a pod was at each moment", () => {
    const cluster = webOf(1);
    cluster.evict("web-1");
    expect(
      cluster.lines.filter(line => line.kind === "pod").map(line => [line.change, line.node, line.workload]),
    ).toEqual([
      ["created", "blue-1", "shop/Deployment/web"],
      ["bound", "blue-1", "shop/Deployment/web"],
      ["ready", "blue-1", "shop/Deployment/web"],
      ["leaving", "blue-1", "shop/Deployment/web"],
      ["gone", "blue-1", "shop/Deployment/web"],
    ]);
  });

  it("tells when a node comes, is left and goes", () => {
    const cluster = webOf(0);
    cluster.say("nodes", node("blue-1", false));
    cluster.say("nodes", node("blue-1", false));
    cluster.say("nodes", node("blue-1", false), "gone");
    expect(
      cluster.lines.flatMap(line =>
        line.kind === "node" && line.node === "blue-1" ? [[line.change, line.leaving]] : [],
      ),
    ).toEqual([
      ["joined", true],
      ["changed", false],
      ["gone", false],
    ]);
  });
});
