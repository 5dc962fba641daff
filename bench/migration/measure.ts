import { type Measurement, ratioRow, type Row } from "../row";
import { rotated } from "../statistics";
import { type Arena, closeRound, openArena, prepareRound, type Round } from "./arena";
import { boundOf } from "./bound";
import { type Drainer, DRAINERS } from "./drainers";
import { watchEmptiness } from "./emptiness";
import { countEvictions, type Evictions, since } from "./evictions";

const TO_BOUND = 1.1;
const TO_PARALLEL = 1;
const WASTED = 0.05;

interface Result extends Evictions {
  readonly seconds: number;
  /** T* of the same round. */
  readonly bound: number;
  readonly binding: string;
}

const runRound = async (arena: Arena, round: Round, { drain }: Drainer): Promise<Result> => {
  const { ms, binding } = await boundOf(arena, round);
  const before = await countEvictions(arena);
  const watch = watchEmptiness(arena, round);
  try {
    await watch.synced;
    const startedAt = performance.now();
    await drain(arena, round);
    const seconds = ((await watch.emptyAt) - startedAt) / 1000;
    return { seconds, bound: ms / 1000, binding, ...since(before, await countEvictions(arena)) };
  } finally {
    watch.stop();
  }
};

const raceAll = async (arena: Arena, first: Round): Promise<ReadonlyMap<Drainer, Result[]>> => {
  const results = new Map<Drainer, Result[]>(DRAINERS.map(drainer => [drainer, []]));
  const order = Array.from({ length: arena.bench.rounds }, (_, round) => rotated(DRAINERS, round)).flat();
  let left = first;
  for (const [index, drainer] of order.entries()) {
    const next = await prepareRound(arena, index);
    const result = await runRound(arena, left, drainer);
    results.get(drainer)?.push(result);
    const { seconds, bound, binding, accepted, refused } = result;
    arena.bench.say(
      `${drainer.name}: ${seconds.toFixed(1)} s (T* ${bound.toFixed(1)} s by ${binding}), ${accepted} evictions, ${refused} refused`,
    );
    await closeRound(left);
    left = next;
  }
  return results;
};

const rowsOf = (name: string, results: readonly Result[]): readonly [makespan: Row, ...rest: Row[]] => [
  { what: `migration by ${name}`, unit: "s", values: results.map(({ seconds }) => seconds) },
  { what: "    pods evicted", unit: "", values: results.map(({ accepted }) => accepted) },
  { what: "    evictions refused (429)", unit: "", values: results.map(({ refused }) => refused) },
];

const wastedRow = (results: readonly Result[]): Row => ({
  what: "    refused per pod moved, changeover",
  unit: "×",
  values: results.map(({ accepted, refused }) => refused / accepted),
  atMost: WASTED,
});

const tableOf = (results: readonly (readonly Result[])[]): readonly Row[] => {
  const [mine = []] = results;
  const [own, atOnce, oneByOne] = DRAINERS.map(({ name }, index) => rowsOf(name, results[index] ?? []));
  if (own === undefined || atOnce === undefined || oneByOne === undefined) return [];
  const binding = [...new Set(results.flat().map(result => result.binding))].join(", ");
  const bound: Row = {
    what: `lower bound T* of the migration (${binding})`,
    unit: "s",
    values: mine.map(result => result.bound),
  };
  return [
    bound,
    ...own,
    wastedRow(mine),
    ...atOnce,
    ...oneByOne,
    ratioRow("changeover / T*", [own[0], bound], TO_BOUND),
    ratioRow("changeover / kubectl, all nodes at once", [own[0], atOnce[0]], TO_PARALLEL),
    ratioRow("kubectl, one after another / changeover", [oneByOne[0], own[0]]),
  ];
};

/** The demo's shop, moved between node groups of one lab by us and by `kubectl drain`; each round from a whole shop. */
export const measureMigration: Measurement = async bench => {
  const { first, ...arena } = await openArena(bench);
  try {
    const results = await raceAll(arena, first);
    return tableOf(DRAINERS.map(drainer => results.get(drainer) ?? []));
  } finally {
    await arena.kube.close();
  }
};
