/** What the Pulumi engine says about each resource, stamped when it is read: its own stamps are whole seconds. */
import { existsSync, readFileSync } from "node:fs";
import type { DrainFigures, ResourceSpan } from "./report/facts";

export interface ResourceEvent {
  readonly at: number;
  readonly kind: "started" | "done" | "failed";
  readonly op: string;
  readonly urn: string;
  /** Last part of the type, as a person says it: "Migration". */
  readonly type: string;
  readonly name: string;
  /** What a finished gate tells of its work. */
  readonly outcome?: unknown;
}

interface Metadata {
  readonly op?: string;
  readonly urn?: string;
  readonly type?: string;
  readonly new?: { readonly custom?: boolean; readonly outputs?: { readonly outcome?: unknown } } | null;
  readonly old?: { readonly custom?: boolean } | null;
}
type EngineLine = Readonly<
  Record<string, { readonly metadata?: Metadata; readonly planning?: boolean } | undefined>
>;

const KINDS = [
  ["resourcePreEvent", "started"],
  ["resOutputsEvent", "done"],
  ["resOpFailedEvent", "failed"],
] as const;

const isCustom = ({ new: fresh, old }: Metadata): boolean => (fresh ?? old)?.custom === true;

const lastOf = (text: string, separator: string): string => text.split(separator).at(-1) ?? text;

const outcomeIn = (kind: ResourceEvent["kind"], { new: fresh }: Metadata): Pick<ResourceEvent, "outcome"> => {
  const outcome = fresh?.outputs?.outcome;
  return kind === "done" && outcome !== undefined ? { outcome } : {};
};

const toEvent = (kind: ResourceEvent["kind"], metadata: Metadata, at: number): ResourceEvent | undefined => {
  const { op = "", urn, type = "" } = metadata;
  if (urn === undefined || type.startsWith("pulumi:") || !isCustom(metadata)) return undefined;
  return {
    at,
    kind,
    op,
    urn,
    type: lastOf(type, ":"),
    name: lastOf(urn, "::"),
    ...outcomeIn(kind, metadata),
  };
};

/** Half a line is left where the file was begun anew and grew past the last look; it is of the preview, and not missed. */
const parseLine = (line: string): EngineLine => {
  try {
    return JSON.parse(line) as EngineLine;
  } catch {
    return {};
  }
};

/** @returns undefined for what is no word about a custom resource: components and providers do nothing themselves. */
export const parseEvent = (line: string, at: number): ResourceEvent | undefined => {
  const parsed = parseLine(line);
  const [field, kind] = KINDS.find(([name]) => parsed[name]?.metadata !== undefined) ?? [];
  const told = field === undefined ? undefined : parsed[field];
  // Every update begins with a preview of itself, whose words are about nothing that happens.
  const metadata = told?.planning === true ? undefined : told?.metadata;
  return kind === undefined || metadata === undefined ? undefined : toEvent(kind, metadata, at);
};

/** Steps that move nothing are not worth a row. */
const QUIET: readonly string[] = ["same", "read", "refresh", "discard"];

/** Starts and ends put together, in the order of their starts; what never ended lasts until `until`. */
export const spansOf = (events: readonly ResourceEvent[], until: number): readonly ResourceSpan[] => {
  const worked = events.filter(event => !QUIET.includes(event.op));
  return worked
    .filter(event => event.kind === "started")
    .map(start => {
      const end = worked.find(
        event =>
          event.kind !== "started" &&
          event.urn === start.urn &&
          event.op === start.op &&
          event.at >= start.at,
      );
      return {
        name: `${start.type} ${start.name}`,
        op: start.op,
        startedAt: start.at,
        endedAt: end?.at ?? until,
        failed: end?.kind === "failed",
      };
    })
    .sort((left, right) => left.startedAt - right.startedAt);
};

const drainOf = (entry: Readonly<Record<string, unknown>>): readonly DrainFigures[] => {
  const { generation, moved, makespanSeconds, lowerBoundSeconds, bindingTerm } = entry;
  const known =
    typeof generation === "string" &&
    typeof moved === "number" &&
    typeof makespanSeconds === "number" &&
    typeof lowerBoundSeconds === "number" &&
    typeof bindingTerm === "string";
  return known ? [{ generation, moved, makespanSeconds, lowerBoundSeconds, bindingTerm }] : [];
};

/** What the migrations of this run say of their drains; those that had nothing to do now say it of an older run. */
export const drainsOf = (events: readonly ResourceEvent[]): readonly DrainFigures[] =>
  events
    .filter(({ type, op }) => type === "Migration" && !QUIET.includes(op))
    .flatMap(({ outcome }) => (outcome as { readonly drains?: unknown } | undefined)?.drains ?? [])
    .flatMap(entry => drainOf(entry as Readonly<Record<string, unknown>>));

const LOOK_EVERY_MS = 100;

/**
 * Reads the whole lines that were added since the last look. A file that is not there yet has none; one that became
 * shorter was begun anew, as `pulumi up` does between its preview and its update.
 */
export const createTail = (path: string): (() => readonly string[]) => {
  let done = 0;
  return () => {
    if (!existsSync(path)) return [];
    const bytes = readFileSync(path);
    if (bytes.length < done) done = 0;
    const end = bytes.lastIndexOf("\n") + 1;
    const fresh = bytes.subarray(Math.min(done, end), end).toString("utf8");
    done = end;
    return fresh.split("\n").filter(line => line !== "");
  };
};

/** Calls back for each event as it is written, until stopped; the rest is read then. */
export const followEvents = (path: string, onEvent: (event: ResourceEvent) => void): { stop(): void } => {
  const readMore = createTail(path);
  const look = (): void => {
    for (const line of readMore()) {
      const event = parseEvent(line, Date.now());
      if (event !== undefined) onEvent(event);
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
    },
  };
};
