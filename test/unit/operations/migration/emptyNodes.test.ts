import type { Transition } from "../../../../core/drain/transitions";
import type { KubeClient } from "../../../../kube";
import type { DrainOutcome } from "../../../../operations/drain/drainNodes";
import type { DrainPlan } from "../../../../operations/drain/plan";
import { emptyNodes, type EmptyPorts } from "../../../../operations/migration/emptyNodes";

const BOUND = { seconds: 36.2, binding: "PDB shop/cart", words: "PDB shop/cart: 6 pods, 1 at a time" };
const CART: DrainPlan["terms"]["chains"][number] = {
  term: { name: "PDB shop/cart", pods: 6, limit: 1, graceMs: 1_200, startMs: 6_800, serial: false },
  owners: ["rs-cart"],
  measured: true,
};
const TERMS = { chains: [CART], rates: undefined, waves: undefined, wait: { ms: 0, names: [] } };
const PLAN: DrainPlan = {
  nodes: ["blue-1"],
  pods: { total: 3, move: 2, wait: 0, ignored: 1, blocked: 0 },
  findings: [],
  budgets: [],
  capacity: { verdict: "FITS", reasons: [] },
  bound: BOUND,
  terms: TERMS,
  predictedSeconds: 40,
};
const FIGURES = { moved: 2, remaining: 0, nodes: { empty: 1, total: 1 }, seconds: 50 };
const WANTED = {
  pool: "workers",
  from: "workers-1-35-19a4bb",
  percent: 100,
  drain: { timeoutSeconds: 600, deadlinePerUpSeconds: 300 },
};

const left = (at: number, name: string): Transition => {
  return { at, kind: "pod", pod: `shop/${name}`, uid: name, node: "blue-1", from: "terminating", to: "gone" };
};
const STORY: readonly Transition[] = [
  { at: 10_000, kind: "started", pods: 3, nodes: 1 },
  left(20_000, "cart-1"),
  left(48_400, "cart-2"),
  { at: 60_000, kind: "finished", outcome: "drained", moved: 2 },
];

interface Given {
  readonly outcome?: DrainOutcome;
  readonly plan?: DrainPlan;
  readonly story?: readonly Transition[];
  /** Milliseconds that successors of cart take. */
  readonly starts?: readonly number[];
}

const start = (given: Given = {}) => {
  const { outcome = { kind: "drained", ...FIGURES }, plan = PLAN, story = STORY, starts = [] } = given;
  const log: string[] = [];
  const order: string[] = [];
  const ports: EmptyPorts = {
    kube: {} as KubeClient,
    live: {} as EmptyPorts["live"],
    run: "run-1",
    now: () => 0,
    log: line => void log.push(line),
    steps: {
      readPlan: () => {
        order.push("plan");
        return Promise.resolve(plan);
      },
      drainNodes: ({ onTransition, onStart }) => {
        order.push("drain");
        starts.forEach(ms => onStart?.("rs-cart", ms));
        story.forEach(transition => onTransition?.(transition));
        return Promise.resolve(outcome);
      },
    },
  };
  const empty = (percent = 100) => emptyNodes(ports, { ...WANTED, percent }, new AbortController().signal);
  return { empty, log, order };
};

describe("emptying a generation", () => {
  it("tells how long it took until the last pod had left, and the least time that was possible", async () => {
    expect(await start().empty()).toEqual({
      generation: "workers-1-35-19a4bb",
      moved: 2,
      makespanSeconds: 38.4,
      lowerBoundSeconds: 36.2,
      bindingTerm: "PDB shop/cart",
    });
  });

  it("bounds what was possible by the quickest start of this run", async () => {
    const emptied = await start({ starts: [5_000, 2_800, 3_100] }).empty();
    expect(emptied).toMatchObject({ lowerBoundSeconds: 16.2, bindingTerm: "PDB shop/cart" });
  });

  it("prints the plan before anything moves, and at the end both times", async () => {
    const { empty, log, order } = start();
    await empty();
    expect(order).toEqual(["plan", "drain"]);
    expect(log).toContain(
      "no drainer can be faster than 36.2 s (PDB shop/cart: 6 pods, 1 at a time); predicted 40 s",
    );
    expect(log.at(-1)).toBe("workers-1-35-19a4bb: 2 pods moved in 38.4 s; T* is 36.2 s (PDB shop/cart)");
  });

  it("says one line where nothing had to move", async () => {
    const pods = { total: 1, move: 0, wait: 0, ignored: 1, blocked: 0 };
    const bound = { seconds: 0, binding: "nothing to move", words: "nothing to move" };
    const { empty, log } = start({
      plan: { ...PLAN, pods, bound, terms: { ...TERMS, chains: [] } },
      story: STORY.slice(0, 1),
      outcome: { kind: "drained", ...FIGURES, moved: 0 },
    });
    expect((await empty())?.makespanSeconds).toBe(0);
    expect(log).toEqual(["workers-1-35-19a4bb: nothing had to move"]);
  });

  it("asks nothing and moves nothing for a share of 0 %", async () => {
    const { empty, order } = start();
    expect(await empty(0)).toBeUndefined();
    expect(order).toEqual([]);
  });

  it.each([
    ["paused", "Migration.Paused", "raise drain.deadlinePerUp"],
    ["lostLease", "Migration.LostLease", "let it finish"],
    ["stopped", "Migration.Stopped", "run `pulumi up` again"],
  ] as const)("that ends as %s is refused with the way on", async (kind, code, fix) => {
    const { empty } = start({ outcome: { kind, reasons: ["because"], ...FIGURES } });
    await expect(empty()).rejects.toMatchObject({
      problems: [{ code, path: "pools.workers", fix: expect.stringContaining(fix) as string }],
    });
  });
});
