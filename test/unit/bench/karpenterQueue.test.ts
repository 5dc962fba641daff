import { drainAll, nextPods, type NodePod, tierOf } from "../../../bench/drain/karpenterNodes";
import { backoffMs, openQueue, type QueuedPod } from "../../../bench/drain/karpenterQueue";

/** Time that passes only when told; what is due runs in order. */
const virtualClock = () => {
  let now = 0;
  let timers: { readonly at: number; readonly act: () => void }[] = [];
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  return {
    clock: {
      now: () => now,
      after: (ms: number, act: () => void) => void timers.push({ at: now + ms, act }),
    },
    advance: async (ms: number): Promise<void> => {
      const end = now + ms;
      await settle();
      for (;;) {
        const due = timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
        if (due === undefined) break;
        timers = timers.filter(timer => timer !== due);
        now = due.at;
        due.act();
        await settle();
      }
      now = end;
    },
  };
};

const pod = (name: string): QueuedPod => ({ namespace: "ns", name, uid: `uid-${name}` });

const queueWith = (answer: (pod: QueuedPod, call: number) => "done" | "again") => {
  const { clock, advance } = virtualClock();
  const calls: { readonly at: number; readonly name: string }[] = [];
  const queue = openQueue({
    clock,
    evict: asked => {
      calls.push({ at: clock.now(), name: asked.name });
      return Promise.resolve(answer(asked, calls.length));
    },
  });
  return { queue, calls, advance, clock };
};

describe("the eviction queue", () => {
  it("waits 100 ms, doubled each time, at most 10 s", () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 20].map(backoffMs)).toEqual([
      100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000,
    ]);
  });

  it("asks again at exactly these times while a budget refuses", async () => {
    const { queue, calls, advance } = queueWith(() => "again");
    queue.add([pod("a")]);
    await advance(40_000);
    expect(calls.map(({ at }) => at)).toEqual([
      0, 100, 300, 700, 1_500, 3_100, 6_300, 12_700, 22_700, 32_700,
    ]);
  });

  it("takes a pod once, however often it is added, and once more after it was done", async () => {
    const { queue, calls, advance } = queueWith(() => "done");
    queue.add([pod("a"), pod("a")]);
    queue.add([pod("a")]);
    await advance(10);
    expect(calls).toHaveLength(1);
    queue.add([pod("a")]);
    await advance(10);
    expect(calls).toHaveLength(2);
  });

  it("takes a namesake with another uid for another pod", async () => {
    const { queue, calls, advance } = queueWith(() => "again");
    queue.add([pod("a"), { ...pod("a"), uid: "other" }]);
    await advance(0);
    expect(calls).toHaveLength(2);
  });

  it("forgets the failures of a pod that was evicted in the end", async () => {
    const { queue, calls, advance } = queueWith((_pod, call) => (call === 3 ? "done" : "again"));
    queue.add([pod("a")]);
    await advance(300);
    queue.add([pod("a")]);
    await advance(100);
    expect(calls.map(({ at }) => at)).toEqual([0, 100, 300, 300, 400]);
  });

  it("asks for no more than 100 at once", async () => {
    const { clock } = virtualClock();
    let asked = 0;
    const queue = openQueue({
      clock,
      evict: () => {
        asked += 1;
        return new Promise(() => undefined);
      },
    });
    queue.add(Array.from({ length: 150 }, (_, index) => pod(String(index))));
    await Promise.resolve();
    expect(asked).toBe(100);
  });

  it("repeats 1,000 in a burst, and from then on 100 a second", async () => {
    const { queue, calls, advance } = queueWith(() => "again");
    queue.add(Array.from({ length: 1_200 }, (_, index) => pod(String(index))));
    await advance(100);
    // In a tenth of a second ten more have their turn.
    expect(calls.length - 1_200).toBe(1_010);
  });
});

const nodePod = (name: string, over: Partial<NodePod> = {}): NodePod => ({
  ...pod(name),
  going: false,
  daemon: false,
  priorityClass: undefined,
  ...over,
});

describe("the tiers of a node", () => {
  const critical = { priorityClass: "system-cluster-critical" };

  it("are others, daemons, critical ones, critical daemons", () => {
    const pods = [
      nodePod("a"),
      nodePod("b", { daemon: true }),
      nodePod("c", critical),
      nodePod("d", { ...critical, daemon: true, priorityClass: "system-node-critical" }),
    ];
    expect(pods.map(tierOf)).toEqual([0, 1, 2, 3]);
  });

  it("follow each other only when the former is gone, not when it is going", () => {
    const [a, c] = [nodePod("a"), nodePod("c", critical)];
    expect(nextPods([c, a])).toEqual([a]);
    expect(nextPods([c, { ...a, going: true }])).toEqual([]);
    expect(nextPods([c])).toEqual([c]);
    expect(nextPods([])).toEqual([]);
  });

  it("are looked at again after a second, until each node is empty", async () => {
    const { clock, advance } = virtualClock();
    const there = new Map([
      ["n1", [nodePod("a")]],
      ["n2", [nodePod("b"), nodePod("c", critical)]],
    ]);
    const added: string[] = [];
    const queue = {
      add: (pods: readonly QueuedPod[]) => pods.forEach(({ name }) => added.push(`${name}@${clock.now()}`)),
    };
    let over = false;
    void drainAll({ clock, queue, podsOn: node => there.get(node) ?? [] }, ["n1", "n2"]).then(() => {
      over = true;
    });
    there.set("n1", []);
    there.set("n2", [nodePod("c", critical)]);
    await advance(1_000);
    expect(added).toEqual(["a@0", "b@0", "c@1000"]);
    expect(over).toBe(false);
    there.set("n2", []);
    await advance(1_000);
    expect(over).toBe(true);
  });
});
