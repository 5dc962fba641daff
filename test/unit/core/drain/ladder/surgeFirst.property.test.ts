import fc from "fast-check";
import {
  FIRST_PATIENCE_MS,
  type FirstFacts,
  type FirstPod,
} from "../../../../../core/drain/ladder/first/step";
import { nextFirstStep } from "../../../../../core/drain/ladder/surgeFirst";
import { planRevert, type SurgeRecord } from "../../../../../core/drain/ladder/surgeRecord";
import { AMPLE } from "../../../../../core/drain/ladder/surgeRoom";
import { surgedBy } from "../../../../support/surgeMarks";
import { target } from "./situations";

/**
 * A Deployment with its ReplicaSet, as the real one chooses: pods that are not Ready go first, then the marked ones.
 * Its controller knows the pods as they were when it last heard of them, and counts by that.
 */
interface Shop {
  replicas: number;
  record: SurgeRecord | undefined;
  pods: FirstPod[];
  heard: readonly FirstPod[];
  made: number;
  now: number;
  /** Fewest Ready pods seen. */
  least: number;
  /** Ready pods off blue that were let go. */
  wasted: number;
}

const podOf = (shop: Shop, blue: boolean, ready: boolean): FirstPod => {
  const name = `pod-${(shop.made += 1)}`;
  return { uid: name, name, namespace: "shop", node: "n", blue, ready, gone: false, marked: false };
};

const openShop = (blue: number, green: number): Shop => {
  const shop: Shop = {
    replicas: blue + green,
    record: undefined,
    pods: [],
    heard: [],
    wasted: 0,
    made: 0,
    now: 0,
    least: Infinity,
  };
  for (let at = 0; at < blue + green; at++) shop.pods.push(podOf(shop, at < blue, true));
  shop.heard = shop.pods;
  return shop;
};

const byRank = (a: FirstPod, b: FirstPod): number =>
  Number(a.ready) - Number(b.ready) || Number(b.marked) - Number(a.marked) || (a.uid < b.uid ? 1 : -1);

const readyPods = ({ pods }: Shop): number => pods.filter(({ ready }) => ready).length;

/** What it makes and ends itself it knows at once, as the real one does by its expectations. */
const control = (shop: Shop): void => {
  const made = Array.from({ length: Math.max(0, shop.replicas - shop.heard.length) }, () =>
    podOf(shop, false, false),
  );
  const known = [...shop.heard, ...made].sort(byRank);
  shop.heard = known.slice(Math.max(0, known.length - shop.replicas));
  const kept = new Set(shop.heard.map(({ uid }) => uid));
  const pods = [...shop.pods, ...made];
  shop.wasted += pods.filter(({ uid, blue, ready }) => !kept.has(uid) && !blue && ready).length;
  shop.pods = pods.filter(({ uid }) => kept.has(uid));
  shop.least = Math.min(shop.least, readyPods(shop));
};

const hear = (shop: Shop): void => void (shop.heard = shop.pods);

/** Successors get Ready, as long as green has room. */
const settle = (shop: Shop, room: number): void => {
  let free = room - shop.pods.filter(({ blue, ready }) => !blue && ready).length;
  shop.pods = shop.pods.map(pod => (pod.ready || free-- <= 0 ? pod : { ...pod, ready: true }));
};

const deployment = (shop: Shop): FirstFacts["target"] =>
  target({
    replicas: shop.replicas,
    counts: {
      ...{ all: shop.replicas, updated: shop.replicas, available: shop.replicas },
      ready: shop.heard.filter(({ ready }) => ready).length,
    },
    ...(shop.record === undefined ? {} : surgedBy(shop.record)),
  });

/** One look of a machine that remembers nothing. False when it has ended. `marks`: how many marks get through. */
const look = (shop: Shop, marks: number): boolean => {
  const step = nextFirstStep({
    ...{ target: deployment(shop), pods: shop.pods, room: AMPLE, named: false },
    ...{ since: 0, run: "run", now: shop.now },
  });
  if (step.kind === "scale") {
    shop.replicas = step.to;
    shop.record = step.record;
  }
  if (step.kind === "record") shop.record = step.record;
  if (step.kind === "mark") {
    const names = new Set(step.pods.slice(0, marks).map(({ name }) => name));
    shop.pods = shop.pods.map(pod => (names.has(pod.name) ? { ...pod, marked: true } : pod));
  }
  if (step.kind !== "done" && step.kind !== "leave") return true;
  shop.record = undefined;
  return false;
};

const giveBack = (shop: Shop): void => {
  const plan = planRevert({ ...deployment(shop), value: shop.replicas });
  if (plan.kind === "scaleBack") shop.replicas = plan.to ?? -1;
  shop.record = undefined;
};

const TURNS = 60;

/** What happens between two looks. "kill" is no event of its own: the machine remembers nothing anyway. */
const turns = fc.array(
  fc.record({
    marks: fc.integer({ min: 0, max: 4 }),
    controls: fc.boolean(),
    hears: fc.boolean(),
    settles: fc.boolean(),
    late: fc.boolean(),
  }),
  { maxLength: TURNS },
);

const shops = fc.record({ blue: fc.integer({ min: 1, max: 6 }), green: fc.integer({ min: 0, max: 3 }) });

const play = (shop: Shop, { turns: all, room }: { turns: readonly Turn[]; room: number }): void => {
  for (const turn of all) {
    if (!look(shop, turn.marks)) return;
    shop.now += turn.late ? FIRST_PATIENCE_MS : 1_000;
    if (turn.controls) control(shop);
    if (turn.settles) settle(shop, room);
    if (turn.hears) hear(shop);
  }
};

interface Turn {
  readonly marks: number;
  readonly controls: boolean;
  readonly hears: boolean;
  readonly settles: boolean;
  readonly late: boolean;
}

describe("a surge-first, killed at any point and given back,", () => {
  it("ends with the number that was there, and was never short of a pod", () => {
    fc.assert(
      fc.property(shops, turns, fc.integer({ min: 0, max: 9 }), ({ blue, green }, events, room) => {
        const shop = openShop(blue, green);
        play(shop, { turns: events, room });
        giveBack(shop);
        control(shop);
        expect(shop.replicas).toBe(blue + green);
        expect(shop.record).toBeUndefined();
        expect(shop.least).toBeGreaterThanOrEqual(blue + green);
      }),
      { numRuns: 2_000 },
    );
  });

  it("leaves the number that somebody else has set, whatever it is, and never sets 0 itself", () => {
    const theirs = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(shops, fc.tuple(turns, turns), theirs, ({ blue, green }, [before, after], value) => {
        const shop = openShop(blue, green);
        play(shop, { turns: before, room: 9 });
        const had = shop.replicas;
        const open = shop.record !== undefined;
        shop.replicas = value;
        play(shop, { turns: open ? after : [], room: 9 });
        giveBack(shop);
        // The very number that was there is no change that anybody could see.
        const mayBeOurs = open && value === had;
        expect([value, ...(mayBeOurs ? [blue + green] : [])]).toContain(shop.replicas);
      }),
      { numRuns: 2_000 },
    );
  });

  it("never lets a successor go that was Ready, however late its controller hears of marks and pods", () => {
    const prompt = turns.map(all => all.map(turn => ({ ...turn, late: false })));
    fc.assert(
      fc.property(shops, prompt, ({ blue, green }, events) => {
        const shop = openShop(blue, green);
        play(shop, { turns: events, room: 99 });
        expect(shop.wasted).toBe(0);
      }),
      { numRuns: 2_000 },
    );
  });

  it("empties blue where green has room", () => {
    fc.assert(
      fc.property(shops, fc.integer({ min: 1, max: 4 }), ({ blue, green }, marks) => {
        const shop = openShop(blue, green);
        const steady = { marks, controls: true, hears: true, settles: true, late: false };
        play(shop, { turns: Array.from({ length: TURNS }, () => steady), room: 99 });
        expect(shop).toMatchObject({ replicas: blue + green, record: undefined });
        expect(shop.pods.filter(pod => pod.blue)).toEqual([]);
      }),
    );
  });
});
