import { startRandom } from "./clock";
import type {
  BudgetRule,
  Kill,
  Mishap,
  Pace,
  Story,
  StoryBudget,
  StoryWorkload,
  WatchedKind,
  WireFault,
  WireTrouble,
  WorkloadKind,
} from "./story";

/** Dice: everything a story needs is drawn from one seed, in one order. */
interface Dice {
  readonly chance: (share: number) => boolean;
  readonly between: (low: number, high: number) => number;
  readonly one: <T>(items: readonly [T, ...T[]]) => T;
}

const openDice = (seed: number): Dice => {
  const random = startRandom(seed);
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  return {
    chance: share => random() < share,
    between,
    one: items => items[between(0, items.length - 1)] ?? items[0],
  };
};

const times = <T>(count: number, make: (index: number) => T): readonly T[] =>
  Array.from({ length: Math.max(0, count) }, (_, index) => make(index));

const MOVING: readonly [WorkloadKind, ...WorkloadKind[]] = [
  "Deployment",
  "Deployment",
  "Deployment",
  "StatefulSet",
  "StatefulSet",
  "Job",
];

const drawKind = (dice: Dice): WorkloadKind =>
  dice.chance(0.12) ? dice.one(["DaemonSet", "Static", "Bare"]) : dice.one(MOVING);

const drawTroubles = (dice: Dice, onBlue: number): Partial<StoryWorkload> => ({
  ...(dice.chance(0.15) ? { broken: Math.max(0, Math.min(dice.between(1, 2), onBlue - 1)) } : {}),
  ...(dice.chance(0.1) ? { finalizerMs: dice.between(1, 20) * 1_000 } : {}),
  ...(dice.chance(0.1) ? { failsUntil: dice.between(5, 60) * 1_000 } : {}),
  ...(dice.chance(0.2) ? { localStorage: true } : {}),
  ...(dice.chance(0.15) ? { detachMs: dice.between(1, 60) * 1_000 } : {}),
  ...(dice.chance(0.02) ? { toleratesCordon: true } : {}),
});

const drawWorkload = (dice: Dice, index: number): StoryWorkload => {
  const kind = drawKind(dice);
  const replicas = kind === "Bare" || kind === "Static" ? dice.between(1, 2) : dice.between(1, 12);
  const onGreen = dice.chance(0.3) ? dice.between(0, replicas) : 0;
  return {
    name: `app${index}`,
    kind,
    replicas,
    graceMs: dice.between(0, 20) * 500,
    startMs: dice.between(1, 20) * 500,
    onGreen,
    ...drawTroubles(dice, replicas - onGreen),
  };
};

const drawRule = (dice: Dice, replicas: number): BudgetRule => {
  const few = dice.between(1, 3);
  switch (dice.between(0, 5)) {
    case 0:
      return { maxUnavailable: `${dice.between(1, 10) * 10}%` };
    case 1:
      return { minAvailable: `${dice.between(0, 9) * 10}%` };
    case 2:
      return { minAvailable: Math.max(0, replicas - few) };
    case 3:
      return dice.chance(0.2) ? { maxUnavailable: 0 } : { maxUnavailable: few };
    case 4:
      return dice.chance(0.2) ? { minAvailable: replicas } : { minAvailable: Math.max(0, replicas - few) };
    default:
      return { maxUnavailable: few };
  }
};

const easyRule = ({ replicas }: StoryWorkload): BudgetRule => ({ minAvailable: Math.max(0, replicas - 1) });

const leavesOne = (rule: BudgetRule, { kind, replicas }: StoryWorkload): boolean => {
  const { minAvailable: least, maxUnavailable: most } = rule;
  if (typeof least === "number") return least < replicas;
  if (kind === "Job") return false;
  if (most !== undefined) return most !== 0;
  return Math.ceil((replicas * Number(least?.slice(0, -1))) / 100) < replicas;
};

const drawBudgets = (dice: Dice, workloads: readonly StoryWorkload[]): readonly StoryBudget[] =>
  workloads.flatMap((workload, index) => {
    if (dice.chance(0.35)) return [];
    const neighbour = workloads[index + 1];
    const shares = neighbour !== undefined && dice.chance(0.06);
    const selects = shares ? [workload.name, neighbour.name] : [workload.name];
    const rule = drawRule(dice, workload.replicas);
    // Most stories shall reach their end: budgets that block by their spec are the exception.
    const kept = dice.chance(0.15) || leavesOne(rule, workload) ? rule : easyRule(workload);
    const alwaysAllow = dice.chance(0.2) ? { alwaysAllow: true } : {};
    return [{ name: `pdb${index}`, selects, ...kept, ...alwaysAllow }];
  });

const drawPace = (dice: Dice): Pace => ({
  callMs: dice.between(2, 400),
  watchMs: dice.between(0, 300),
  jitterMs: dice.chance(0.5) ? dice.between(0, 800) : 0,
  disruptionMs: dice.chance(0.2) ? dice.between(200, 2_000) : dice.between(5, 100),
  controllerMs: dice.between(5, 300),
  schedulerMs: dice.between(2, 200),
  restartMs: dice.between(500, 20_000),
});

const FAULTS: readonly [WireFault, ...WireFault[]] = [
  "throttled",
  "behind",
  "conflict",
  "contended",
  "internal",
  "internalAfter",
  "unavailable",
  "resetBefore",
  "resetAfter",
  "timeoutAfter",
  "terminatingNamespace",
  "negative",
];

const drawWire = (dice: Dice): WireTrouble => ({
  chance: dice.one([0.05, 0.2, 0.5]),
  kinds: dice.chance(0.1) ? [...FAULTS, "forbidden"] : times(dice.between(1, 5), () => dice.one(FAULTS)),
  until: dice.between(5, 120) * 1_000,
});

const WATCHED: readonly [WatchedKind, ...WatchedKind[]] = [
  "pod",
  "pod",
  "budget",
  "workload",
  "node",
  "attachment",
];

interface Parts {
  readonly blue: number;
  readonly green: number;
  readonly workloads: readonly StoryWorkload[];
  readonly budgets: readonly StoryBudget[];
}

type Draw = (dice: Dice, parts: Parts, at: number) => Mishap | undefined;

const someWorkload = (
  dice: Dice,
  { workloads }: Parts,
  kinds: readonly WorkloadKind[],
): StoryWorkload | undefined => {
  const [first, ...rest] = workloads.filter(({ kind }) => kinds.includes(kind));
  return first === undefined ? undefined : dice.one([first, ...rest]);
};

const SCALED: readonly WorkloadKind[] = ["Deployment", "StatefulSet"];

const drawEdit: Draw = (dice, { budgets, workloads }, at) => {
  const [first, ...rest] = budgets;
  if (first === undefined) return undefined;
  const budget = dice.one([first, ...rest]);
  const replicas = workloads.find(({ name }) => name === budget.selects[0])?.replicas ?? 1;
  if (dice.chance(0.3)) return { kind: "dropBudget", at, budget: budget.name };
  return { kind: "editBudget", at, budget: budget.name, rule: drawRule(dice, replicas) };
};

const DRAWS: readonly [Draw, ...Draw[]] = [
  drawEdit,
  (dice, parts, at) => {
    const workload = someWorkload(dice, parts, SCALED);
    if (workload === undefined) return undefined;
    return { kind: "scale", at, workload: workload.name, replicas: dice.between(0, 12) };
  },
  (dice, { blue, green }, at) => {
    const onBlue = dice.chance(0.4);
    if ((onBlue ? blue : green) < 2) return undefined;
    const node = onBlue ? `blue-${blue - 1}` : `green-${green - 1}`;
    return { kind: "loseNode", at, node, forMs: dice.between(3, 30) * 1_000 };
  },
  (dice, _parts, at) => ({ kind: "foreignDrain", at, pods: dice.between(1, 6) }),
  (dice, { blue }, at) => ({ kind: "uncordon", at, node: `blue-${dice.between(0, blue - 1)}` }),
  (dice, parts, at) => {
    const workload = someWorkload(dice, parts, ["Deployment"]);
    if (workload === undefined) return undefined;
    return {
      kind: "latePod",
      at: at % 1_500,
      workload: workload.name,
      node: `blue-${dice.between(0, parts.blue - 1)}`,
    };
  },
  (dice, parts, at) => {
    const workload = someWorkload(dice, parts, ["Deployment", "StatefulSet", "Job"]);
    if (workload === undefined) return undefined;
    return { kind: "flap", at, workload: workload.name, forMs: dice.between(1, 20) * 1_000 };
  },
  drawGap,
  drawGap,
  (dice, _parts, at) => ({ kind: "hold", at, forMs: dice.between(1, 40) * 1_000 }),
  (_dice, _parts, at) => ({ kind: "loseLease", at }),
  (dice, _parts, at) => (dice.chance(0.3) ? { kind: "cancel", at } : undefined),
];

function drawGap(dice: Dice, _parts: Parts, at: number): Mishap {
  return {
    kind: "dropWatch",
    at,
    watch: dice.one(WATCHED),
    forMs: dice.between(10, 8_000),
    expired: dice.chance(0.5),
    repeats: dice.chance(0.3) ? dice.between(1, 3) : 0,
  };
}

const drawMishaps = (dice: Dice, parts: Parts): readonly Mishap[] =>
  times(dice.between(1, 4), () => dice.one(DRAWS)(dice, parts, dice.between(0, 40_000))).filter(
    mishap => mishap !== undefined,
  );

const drawKills = (dice: Dice): readonly Kill[] =>
  times(dice.between(1, 3), () => ({ step: dice.between(1, 250), done: dice.one(["none", "half", "all"]) }));

const LARGEST = 60;

/** As many workloads as fit into sixty pods. */
const drawWorkloads = (dice: Dice): readonly StoryWorkload[] => {
  const all = times(dice.between(1, 9), index => drawWorkload(dice, index));
  let pods = 0;
  return all.filter(({ replicas }) => (pods += replicas) <= LARGEST);
};

/** Which troubles a story may hold. All of it is drawn from the seed. */
export type Chapter = "calm" | "wire" | "mishaps" | "kills" | "all";

const CHAPTERS: readonly [Chapter, ...Chapter[]] = [
  "calm",
  "wire",
  "mishaps",
  "mishaps",
  "kills",
  "all",
  "all",
];

export const CHAPTER_NAMES = ["calm", "wire", "mishaps", "kills", "all"] as const;

const TROUBLES: Readonly<Record<Chapter, readonly string[]>> = {
  calm: [],
  wire: ["wire"],
  mishaps: ["mishaps"],
  kills: ["kills"],
  all: ["wire", "mishaps", "kills"],
};

export const drawStory = (seed: number, wanted?: Chapter): Story => {
  const dice = openDice(seed);
  const drawn = dice.one(CHAPTERS);
  const troubles = TROUBLES[wanted ?? drawn];
  const blue = dice.between(1, 4);
  const green = dice.between(1, 4);
  const workloads = drawWorkloads(dice);
  const budgets = drawBudgets(dice, workloads);
  const parts = { blue, green, workloads, budgets };
  return {
    seed,
    ...parts,
    fenced: dice.chance(0.8),
    pace: drawPace(dice),
    wire: troubles.includes("wire") ? drawWire(dice) : { chance: 0, kinds: [], until: 0 },
    mishaps: troubles.includes("mishaps") ? drawMishaps(dice, parts) : [],
    kills: troubles.includes("kills") ? drawKills(dice) : [],
  };
};
