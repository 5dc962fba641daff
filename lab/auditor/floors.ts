/**
 * The judgement on floors. The rule: once a subject has been at or above its floor, a pod that leaves (or turns unready)
 * so that fewer than the floor stay ready opens a violation; it closes when the floor is met again. A floor that rises
 * past the ready count (somebody scaled up) is nobody's violation, but each further fall below it is.
 */
import type { AuditLine, Fall, SubjectSummary, Violation } from "./format";
import type { Subject } from "./subjects";

interface Track {
  subject: Subject;
  ready: number;
  wasMet: boolean;
  tightest?: Moment;
  evicted: number;
  open?: Violation;
}

/** Ready against the floor of the same moment: a lowest count alone says nothing once replicas have changed. */
interface Moment {
  readonly ready: number;
  readonly floor: number;
}

const momentOf = (track: Track): Moment => ({ ready: track.ready, floor: track.subject.floor });

const startTrack = (subject: Subject, ready: number): Track => {
  const wasMet = ready >= subject.floor;
  const track: Track = { subject, ready, wasMet, evicted: 0 };
  return wasMet ? { ...track, tightest: momentOf(track) } : track;
};

const widen = (track: Track, fall: Fall): Violation => {
  const { subject, ready, open } = track;
  const opened = open ?? {
    subject: subject.key,
    at: fall.at,
    floor: subject.floor,
    lowest: ready,
    falls: [],
  };
  return { ...opened, lowest: Math.min(opened.lowest, ready), falls: [...opened.falls, fall] };
};

const margin = (moment: Moment): number => moment.ready - moment.floor;

/** Looked at when a pod falls away, not when a floor rises: scaling up is no disruption. */
const noteFall = (track: Track): void => {
  const now = momentOf(track);
  if (track.wasMet && (track.tightest === undefined || margin(now) < margin(track.tightest)))
    track.tightest = now;
};

const toSummary = (track: Track): SubjectSummary => {
  const { key, title, kind, workloads } = track.subject;
  const tightest = track.tightest ?? momentOf(track);
  return {
    subject: key,
    title,
    kind,
    workloads,
    floor: tightest.floor,
    lowestReady: tightest.ready,
    wasMet: track.wasMet,
    evicted: track.evicted,
  };
};

export interface Floors {
  readonly tracks: Map<string, Track>;
  readonly closed: Violation[];
}
/** What the watch just said: when, and the fall that it tells of if it does. */
interface Word {
  readonly at: number;
  readonly fall?: Fall;
}

export const noFloors = (): Floors => ({ tracks: new Map(), closed: [] });

const closeEpisode = (floors: Floors, track: Track, at: number): readonly AuditLine[] => {
  if (track.open === undefined) return [];
  const violation = { ...track.open, until: at };
  delete track.open;
  floors.closed.push(violation);
  return [{ kind: "violation", at, state: "closed", violation }];
};

const breach = (track: Track, fall: Fall): readonly AuditLine[] => {
  const first = track.open === undefined;
  track.open = widen(track, fall);
  return first ? [{ kind: "violation", at: fall.at, state: "opened", violation: track.open }] : [];
};

const verdict = (floors: Floors, track: Track, { at, fall }: Word): readonly AuditLine[] => {
  if (fall !== undefined) noteFall(track);
  if (track.ready >= track.subject.floor) {
    track.wasMet = true;
    return closeEpisode(floors, track, at);
  }
  return fall !== undefined && track.wasMet ? breach(track, fall) : [];
};

const tally = (track: Track, fall: Fall | undefined): void => {
  if (fall?.cause === "evicted") track.evicted += 1;
};

/** Takes a subject as it stands now, with its new count. */
export const judgeFloor = (
  floors: Floors,
  { subject, ready }: { readonly subject: Subject; readonly ready: number },
  word: Word,
): readonly AuditLine[] => {
  const known = floors.tracks.get(subject.key);
  const same = known?.ready === ready && known.subject.floor === subject.floor;
  const track = Object.assign(known ?? startTrack(subject, ready), { subject, ready });
  floors.tracks.set(subject.key, track);
  if (same) return [];
  tally(track, word.fall);
  const count: AuditLine = { kind: "count", at: word.at, subject: subject.key, ready, floor: subject.floor };
  return [count, ...verdict(floors, track, word)];
};

export const readyOf = (floors: Floors, subject: Subject): number =>
  floors.tracks.get(subject.key)?.ready ?? 0;

/** Episodes in the order of their beginning, those that are still open included. */
export const violationsOf = (floors: Floors): readonly Violation[] =>
  [...floors.closed, ...[...floors.tracks.values()].flatMap(track => track.open ?? [])].sort(
    (left, right) => left.at - right.at,
  );

export const summariseFloors = (floors: Floors): readonly SubjectSummary[] =>
  [...floors.tracks.values()].map(toSummary).sort((left, right) => left.subject.localeCompare(right.subject));
