import { openLedger, type Sighting } from "../../../bench/drain/ledger";

const BLUE = new Set(["blue-0", "blue-1"]);
const pod = (uid: string, over: Partial<Sighting> = {}): Sighting => ({
  uid,
  workload: "web",
  node: "blue-0",
  ready: true,
  going: false,
  ...over,
});
const on = (uid: string, node: string, ready: boolean): Sighting => pod(uid, { node, ready });

const open = (pods: readonly Sighting[], over: { desired?: number; floor?: number; stays?: boolean } = {}) =>
  openLedger({
    at: 1_000,
    blue: BLUE,
    pods,
    subjects: [{ workload: "web", desired: 2, floor: 1, stays: false, ...over }],
  });

describe("unavailable pod-seconds", () => {
  it("are the sum over time of ready pods that lack", () => {
    const ledger = open([pod("a"), pod("b")]);
    ledger.see(2_000, pod("a", { going: true }));
    ledger.see(3_000, pod("b", { going: true }));
    ledger.see(4_500, on("c", "green-0", true));
    ledger.see(5_000, on("d", "green-0", true));
    // 1 s of one, 1.5 s of two, 0.5 s of one
    expect(ledger.read(9_000).unavailablePodSeconds).toBe(1 + 3 + 0.5);
  });

  it("do not count pods that are ready beyond the wish", () => {
    const ledger = open([pod("a"), pod("b")]);
    ledger.see(1_500, on("c", "green-0", true));
    ledger.see(2_000, pod("a", { going: true }));
    expect(ledger.read(5_000).unavailablePodSeconds).toBe(0);
  });

  it("go on while a pod is gone without a successor", () => {
    const ledger = open([pod("a"), pod("b")]);
    ledger.gone(2_000, "a");
    expect(ledger.read(4_000).unavailablePodSeconds).toBe(2);
  });

  it("do not mix workloads: one's surplus is not another's pod", () => {
    const ledger = openLedger({
      at: 0,
      blue: BLUE,
      pods: [pod("a"), pod("b", { workload: "api" })],
      subjects: [
        { workload: "web", desired: 1, stays: false },
        { workload: "api", desired: 1, stays: false },
      ],
    });
    ledger.see(0, on("c", "green-0", true));
    ledger.gone(1_000, "b");
    expect(ledger.read(2_000).unavailablePodSeconds).toBe(1);
  });
});

describe("falls below a budget", () => {
  it("count once an episode", () => {
    const ledger = open([pod("a"), pod("b")]);
    ledger.see(2_000, pod("a", { going: true }));
    expect(ledger.read(2_000).violations).toBe(0);
    ledger.see(2_100, pod("b", { going: true }));
    ledger.gone(2_200, "b");
    expect(ledger.read(2_300).violations).toBe(1);
    ledger.see(3_000, on("c", "green-0", true));
    ledger.see(4_000, on("c", "green-0", false));
    expect(ledger.read(4_000).violations).toBe(2);
  });

  it("are none where nobody wrote a budget", () => {
    const ledger = openLedger({
      at: 0,
      blue: BLUE,
      pods: [pod("a")],
      subjects: [{ workload: "web", desired: 1, stays: false }],
    });
    ledger.gone(1, "a");
    expect(ledger.read(2).violations).toBe(0);
  });
});

describe("moves", () => {
  it("count each pod once, whether its going was seen or only its end", () => {
    const ledger = open([pod("a"), pod("b")]);
    ledger.see(2_000, pod("a", { going: true }));
    ledger.see(2_500, pod("a", { going: true }));
    ledger.gone(3_000, "a");
    ledger.gone(4_000, "b");
    expect(ledger.read(5_000)).toMatchObject({ moved: 2, firstGoingAt: 2_000, lastGoingAt: 4_000 });
  });

  it("are double when a pod that was made after the start has to go", () => {
    const ledger = open([pod("a"), pod("b")]);
    ledger.see(2_000, on("c", "blue-1", true));
    expect(ledger.read(2_000).doubleMoves).toBe(0);
    ledger.see(3_000, pod("c", { going: true }));
    expect(ledger.read(3_000).doubleMoves).toBe(1);
  });
});

describe("the end", () => {
  it("is when the last pod has left, and whole when all are ready again", () => {
    const ledger = open([pod("a"), pod("b")]);
    expect(ledger.read(1_000)).toMatchObject({ left: 2 });
    ledger.see(2_000, pod("a", { going: true }));
    ledger.see(2_000, pod("b", { going: true }));
    ledger.gone(3_000, "a");
    ledger.gone(4_000, "b");
    expect(ledger.read(4_500)).toMatchObject({ left: 0, emptyAt: 4_000 });
    expect(ledger.read(4_500).wholeAt).toBeUndefined();
    ledger.see(5_000, on("c", "green-0", true));
    ledger.see(6_000, on("d", "green-0", true));
    expect(ledger.read(9_000)).toMatchObject({ emptyAt: 4_000, wholeAt: 6_000 });
  });

  it("is taken back when a pod lands on blue once more", () => {
    const ledger = open([pod("a")], { desired: 1 });
    ledger.gone(2_000, "a");
    ledger.see(3_000, on("b", "blue-1", false));
    expect(ledger.read(3_000)).toMatchObject({ left: 1 });
    expect(ledger.read(3_000).emptyAt).toBeUndefined();
  });

  it("does not wait for workloads that cannot be moved, nor for strangers", () => {
    const ledger = open([pod("a"), pod("x", { workload: "agent" })], { stays: true, desired: 1 });
    expect(ledger.read(1_000)).toMatchObject({ left: 0 });
    ledger.gone(2_000, "x");
    expect(ledger.read(3_000).moved).toBe(0);
  });
});
