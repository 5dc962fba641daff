import { LADDER_ANNOTATION, LADDER_LABEL } from "./names";
import type { Holder, ReadObject } from "./target";

/** What was before a surge, kept on what was scaled. Times in milliseconds since the epoch. */
export interface SurgeRecord {
  readonly run: string;
  readonly rung: "surge" | "surge-first";
  /** Null: the field was not written. */
  readonly baseline: number | null;
  readonly surge: number;
  readonly at: number;
  readonly wave?: Wave;
}

/** Where a surge-first stands. */
export interface Wave {
  /** "mark": its number is not up yet, the pods on blue get their marks first. */
  readonly phase: "mark" | "up" | "down";
  /** Pods on blue when it began. */
  readonly blue: number;
  /** Ready pods off blue when it began. */
  readonly green: number;
  /** Waves in a row after which no fewer were on blue. */
  readonly stalls: number;
  /** Most pods that the next wave may have: as many as this one got. */
  readonly got?: number;
}

type Plain = Readonly<Record<string, unknown>>;

const isCount = (value: unknown, least: number): value is number =>
  Number.isInteger(value) && (value as number) >= least;

const isObject = (value: unknown): value is Plain => typeof value === "object" && value !== null;

const isWave = (value: unknown): boolean =>
  isObject(value) &&
  ["mark", "up", "down"].includes(String(value["phase"])) &&
  [value["blue"], value["green"], value["stalls"], value["got"] ?? 0].every(count => isCount(count, 0));

/** A workload never goes back to 0; the minimum of an autoscaler may be 0, or not be written. */
const isBaseline = (value: unknown, kind: string): value is number | null =>
  kind === "Deployment" ? isCount(value, 1) : value === null || isCount(value, 0);

const isOfRung = ({ rung, wave }: Plain): boolean =>
  rung === "surge" || (rung === "surge-first" && isWave(wave));

const isRecord = (value: unknown, kind: string): value is SurgeRecord => {
  if (!isObject(value)) return false;
  const { run, baseline, surge, at } = value;
  const isDated = typeof run === "string" && typeof at === "number";
  return isDated && isOfRung(value) && isBaseline(baseline, kind) && isCount(surge, 1 + (baseline ?? 0));
};

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};

type Bearer = Pick<ReadObject, "annotations" | "labels">;

type Marks = Readonly<Record<keyof Bearer, Readonly<Record<string, string | null>>>>;

/** How a record stands on what was scaled; null takes it away. */
export const surgeMarks = (record: SurgeRecord | null): Marks => ({
  annotations: { [LADDER_ANNOTATION.surge]: record === null ? null : JSON.stringify(record) },
  labels: { [LADDER_LABEL.surgedAt]: record === null ? null : String(record.at) },
});

/** Something of a surge stands on it, be it only a copy. */
export const bearsSurge = ({ annotations, labels }: Bearer): boolean =>
  LADDER_ANNOTATION.surge in annotations || LADDER_LABEL.surgedAt in labels;

/**
 * "lost": there was a surge, and nobody can say any more what was before. `kubectl rollout undo` replaces all
 * annotations of a Deployment by those of a ReplicaSet, which keeps the record of a surge that is long over: it counts
 * only with its label.
 */
export const readSurge = ({
  kind,
  annotations,
  labels,
}: Bearer & Pick<Holder, "kind">): SurgeRecord | "lost" | undefined => {
  const at = labels[LADDER_LABEL.surgedAt];
  if (at === undefined) return undefined;
  const value = parse(annotations[LADDER_ANNOTATION.surge] ?? "");
  return isRecord(value, kind) && String(value.at) === at ? value : "lost";
};

/** What giving back means for one object. */
export type Revert =
  | { readonly kind: "none" }
  /** Back to what was before, record taken away in the same write. */
  | { readonly kind: "scaleBack"; readonly to: number | null; readonly record: SurgeRecord }
  /** Only the record goes. `why` is absent when the number is right already. */
  | { readonly kind: "drop"; readonly why?: string };

/** A wave has its baseline before it goes up and when it has gone down: the other number is somebody else's then. */
const isAsWeLeftIt = ({ value }: Holder, { surge, wave }: SurgeRecord): boolean =>
  value === surge && (wave === undefined || wave.phase === "up");

/** Scales back only what we scaled: a number that somebody else wrote is his, and one that is lost is not guessed. */
export const planRevert = (holder: Holder): Revert => {
  const record = readSurge(holder);
  if (record === undefined) return { kind: "none" };
  const { value = null } = holder;
  const has = String(value ?? "unset");
  if (record === "lost")
    return { kind: "drop", why: `the record of what it was cannot be read: it stays at ${has}` };
  if (value === record.baseline) return { kind: "drop" };
  if (isAsWeLeftIt(holder, record)) return { kind: "scaleBack", to: record.baseline, record };
  return { kind: "drop", why: `somebody else set it to ${has} (we had set ${record.surge}): it stays so` };
};
