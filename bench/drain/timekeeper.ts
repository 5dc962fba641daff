import { type Lap, secondsOf, type Turn } from "./schedule";

/** Shares out the time of a run of the benchmark. All times are seconds of the caller's clock. */
export interface Timekeeper {
  /** How long a turn may last, in the first round at least as long as planned; undefined = there is no time left for it. */
  readonly allow: (turn: Turn, now: number) => number | undefined;
  readonly opened: (lap: Lap) => void;
  readonly finished: (turn: Turn) => void;
  /** Nothing more of it will come. */
  readonly skip: (lap: Lap) => void;
  /** "3 of 20 turns, about 12 min left". */
  readonly describe: (now: number) => string;
}

/** Before so much of the work is done, its pace says little. */
const LEARNT_SHARE = 0.1;

export const inWords = (seconds: number): string => {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
};

interface Work {
  readonly laps: Set<Lap>;
  readonly turns: Set<Turn>;
}

const restOf = ({ laps, turns }: Work, counts: (turn: Turn) => boolean): number =>
  [...turns].filter(counts).reduce((sum, { seconds }) => sum + seconds, 0) +
  [...laps].reduce((sum, { openSeconds }) => sum + openSeconds, 0);

export const openTimekeeper = (
  laps: readonly Lap[],
  limits: { from: number; seconds: number },
): Timekeeper => {
  const all = laps.flatMap(({ turns }) => turns);
  const work: Work = { laps: new Set(laps), turns: new Set(all) };
  const planned = laps.reduce((sum, lap) => sum + secondsOf(lap), 0);
  const isSure = (turn: Turn): boolean => turn.round === 0 || limits.seconds === Infinity;
  return {
    allow: (turn, now) => {
      const others = restOf(work, other => other !== turn && other.round === 0);
      const spare = limits.from + limits.seconds - now - others;
      if (turn.round === 0) return Math.max(turn.seconds, spare);
      return spare < turn.seconds ? undefined : spare;
    },
    opened: lap => void work.laps.delete(lap),
    finished: turn => void work.turns.delete(turn),
    skip: lap => {
      work.laps.delete(lap);
      lap.turns.forEach(turn => work.turns.delete(turn));
    },
    describe: now => {
      const done = planned - restOf(work, () => true);
      const pace = done / planned < LEARNT_SHARE ? 1 : (now - limits.from) / done;
      const seconds = restOf(work, isSure) * pace;
      return `${all.length - work.turns.size} of ${all.length} turns, about ${inWords(seconds)} left`;
    },
  };
};
