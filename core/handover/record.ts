import type { Problem } from "../problem";
import { accept, refuse, type Result } from "../result";

/** The two clusters of a handover: blue carries the traffic at first, green in the end. */
export type Side = "blue" | "green";

/**
 * What each of the two clusters records of a handover, in the ConfigMap `changeover-handover`. Both hold the same but
 * for `side`, so that each knows what it carries also when the other is gone.
 */
export interface HandoverRecord {
  readonly handover: string;
  readonly side: Side;
  /** UIDs of the two clusters: the record is about these and no others. */
  readonly pair: Readonly<Record<Side, string>>;
  /** Percent of the traffic that green was seen to carry well. */
  readonly weight: number;
  /** Percent that green is being given; absent = no step is under way. */
  readonly moving?: number;
  /** "Deployment shop/web" → the replicas that served on blue when it carried everything. */
  readonly demand: Readonly<Record<string, number>>;
}

/** Percent of the traffic that a side may be carrying right now: while a step is under way, the larger of both ends. */
export const mayCarry = ({ side, weight, moving = weight }: HandoverRecord): number =>
  side === "green" ? Math.max(weight, moving) : 100 - Math.min(weight, moving);

/** No text = no handover. Anything else that is no record is refused: unknown is never treated as nothing. */
export const parseHandoverRecord = (text: string | undefined): Result<HandoverRecord | undefined> => {
  if (text === undefined) return accept(undefined);
  try {
    const found: unknown = JSON.parse(text);
    return isHandoverRecord(found) ? accept(found) : refuse([unreadable("it is not one of ours")]);
  } catch (error) {
    return refuse([unreadable(error instanceof Error ? error.message : String(error))]);
  }
};

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isPercent = (value: unknown): boolean => typeof value === "number" && value >= 0 && value <= 100;

const isPair = (value: unknown): boolean =>
  isObject(value) && typeof value["blue"] === "string" && typeof value["green"] === "string";

const FIELDS = {
  handover: value => typeof value === "string",
  side: value => value === "blue" || value === "green",
  pair: isPair,
  weight: isPercent,
  moving: value => value === undefined || isPercent(value),
  demand: isObject,
} as const satisfies Record<keyof HandoverRecord, (value: unknown) => boolean>;

const isHandoverRecord = (value: unknown): value is HandoverRecord =>
  isObject(value) && Object.entries(FIELDS).every(([key, isRight]) => isRight(value[key]));

const unreadable = (why: string): Problem => ({
  code: "Handover.RecordUnreadable",
  path: "changeover-system/changeover-handover",
  message: `the record of the handover in the cluster can't be read: ${why}`,
  fix: "restore the ConfigMap from the other cluster's (`side` differs); without it nothing moves",
});
