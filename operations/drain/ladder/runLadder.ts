import type { ClimbRecord } from "../../../core/drain/ladder/climbRecord";
import type { LadderWord } from "../../../core/drain/ladder/ladderWord";
import { mayHelpNow } from "../../../core/drain/ladder/mayHelpNow";
import { LADDER_ANNOTATION } from "../../../core/drain/ladder/names";
import { unknownWords } from "../../../core/drain/ladder/permission";
import { FORCE_DEFAULTS } from "../../../core/drain/ladder/rules";
import type { DrainState } from "../../../core/drain/state";
import { adoptLeft } from "./adoptLeft";
import { type ChroniclePorts, openChronicle } from "./chronicle";
import { firstRound } from "./firstRound";
import type { LadderRequest, LiveLadder, Round } from "./live";
import { openOwed } from "./owed";
import { readTarget } from "./readTarget";
import { restartRound } from "./restartRound";
import { takeBack } from "./revertSurges";
import { rememberScalers } from "./scalerCache";
import { stuckRound } from "./stuckRound";
import { openSurgeRooms } from "./surgeRooms";
import { surgeRound } from "./surgeRound";

export interface LadderPorts extends ChroniclePorts {
  /** False while the lease is not sure: nothing is written then. */
  readonly mayAct: () => boolean;
  /** Called when what the engine has to know has changed. */
  readonly onWord: (word: LadderWord) => void;
}

/** Helps workloads that cannot be evicted, beside the engine. It looks at what the engine sees and acts by itself. */
export interface Ladder {
  /** Learns what former runs left, and tells which rollouts of theirs go on: waited for before anything moves. */
  readonly begin: () => Promise<void>;
  /** The newest state of the engine. Cheap: what there is to do is done later. */
  readonly tell: (state: DrainState) => void;
  /** Ends its work and takes back what it surged and what former runs left. Returns a line for each. */
  readonly close: () => Promise<readonly string[]>;
  readonly climbs: readonly ClimbRecord[];
}

/** Shortest time from one round to the next: a busy cluster tells of something new all the time. */
const PAUSE_MS = 100;

const openLive = (ports: LadderPorts, request: LadderRequest): LiveLadder => {
  const { kube, now, mayAct } = ports;
  const scalers = rememberScalers(kube, now);
  return {
    ...{ kube, now, mayAct, request },
    chronicle: openChronicle(ports),
    read: workload => readTarget(kube, workload, scalers),
    rooms: openSurgeRooms({ kube, now, proven: request.roomProven === true }),
    memories: new Map(),
    surges: new Map(),
    owed: openOwed(),
    restarts: new Map(),
    firsts: new Set(),
    forced: new Map(),
    released: new Set(),
  };
};

/** With the first round: which nodes take pods is noted, and words that are no rung are told of. */
const greet = (live: LiveLadder, state: DrainState): void => {
  live.rooms.begin(state);
  for (const workload of state.world.workloads.values())
    for (const word of unknownWords(workload.ladder))
      live.chronicle.note(workload, `"${word}" in ${LADDER_ANNOTATION.ladder} is no rung`);
};

const roundOf = (state: DrainState | undefined): Round | undefined => {
  const survey = state === undefined ? undefined : mayHelpNow(state);
  if (state === undefined || survey === undefined) return undefined;
  return { state, survey, force: state.spec.ladder?.force ?? FORCE_DEFAULTS };
};

const wordOf = ({ released, restarts }: LiveLadder, exhausted: ReadonlySet<string>): LadderWord => ({
  released,
  exhausted,
  restarting: new Map(restarts),
});

const textOf = ({ released, exhausted, restarting }: LadderWord): string =>
  [released, exhausted, restarting.keys()].map(keys => [...keys].sort().join()).join(";");

const play = async (live: LiveLadder, round: Round): Promise<LadderWord> => {
  await firstRound(live, round);
  const exhausted = await stuckRound(live, round);
  await surgeRound(live, round);
  await restartRound(live, round.state.world);
  return wordOf(live, exhausted);
};

interface Pace {
  newest: DrainState | undefined;
  running: Promise<void> | undefined;
  timer: NodeJS.Timeout | undefined;
  /** This run has a ladder. */
  wanted: boolean;
  adopted: boolean;
  greeted: boolean;
  closed: boolean;
  told: string;
}

const NOTHING_TOLD = textOf({ released: new Set(), exhausted: new Set(), restarting: new Map() });

const tellEngine = (word: LadderWord, ports: LadderPorts, pace: Pace): void => {
  const text = textOf(word);
  if (text === pace.told || pace.closed) return;
  pace.told = text;
  ports.onWord(word);
};

const tellFailure = ({ log }: LadderPorts, error: unknown): void =>
  log(`the ladder: ${error instanceof Error ? error.message : String(error)}`);

/** What former runs left behind is known before anything new is begun. */
const adoptOnce = async (live: LiveLadder, { kube }: LadderPorts, pace: Pace): Promise<void> => {
  if (!pace.adopted) await adoptLeft(live, kube);
  pace.adopted = true;
};

const work = async (live: LiveLadder, ports: LadderPorts, pace: Pace): Promise<void> => {
  const round = roundOf(pace.newest);
  pace.newest = undefined;
  if (round === undefined || !ports.mayAct()) return;
  await adoptOnce(live, ports, pace);
  if (!pace.greeted) greet(live, round.state);
  pace.greeted = true;
  tellEngine(await play(live, round), ports, pace);
};

/** The engine goes on without the word of a ladder that could not look: it looks again with its first round. */
const begin = async (live: LiveLadder, ports: LadderPorts, pace: Pace): Promise<void> => {
  try {
    await adoptOnce(live, ports, pace);
  } catch (error) {
    tellFailure(ports, error);
  }
  tellEngine(wordOf(live, new Set()), ports, pace);
};

/** One round at a time, each on the newest state. */
const schedule = (live: LiveLadder, ports: LadderPorts, pace: Pace): void => {
  if (pace.timer !== undefined || pace.running !== undefined || pace.closed) return;
  pace.timer = setTimeout(() => {
    pace.timer = undefined;
    pace.running = work(live, ports, pace)
      .catch((error: unknown) => tellFailure(ports, error))
      .finally(() => {
        pace.running = undefined;
        if (pace.newest !== undefined) schedule(live, ports, pace);
      });
  }, PAUSE_MS);
};

/** A run that had nothing to do may be through before it has looked for what others left. */
const close = async (live: LiveLadder, ports: LadderPorts, pace: Pace): Promise<readonly string[]> => {
  pace.closed = true;
  clearTimeout(pace.timer);
  await pace.running;
  if (!ports.mayAct()) return [];
  if (pace.wanted) await adoptOnce(live, ports, pace);
  return takeBack(ports.kube, live.owed.all(), ports);
};

export const startLadder = (ports: LadderPorts, request: LadderRequest): Ladder => {
  const live = openLive(ports, request);
  const pace: Pace = {
    newest: undefined,
    running: undefined,
    timer: undefined,
    wanted: false,
    adopted: false,
    greeted: false,
    closed: false,
    told: NOTHING_TOLD,
  };
  return {
    begin: () => begin(live, ports, pace),
    tell: state => {
      if (state.spec.ladder === undefined) return;
      pace.wanted = true;
      pace.newest = state;
      schedule(live, ports, pace);
    },
    close: () => close(live, ports, pace),
    climbs: live.chronicle.climbs,
  };
};
