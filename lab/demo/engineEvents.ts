/** What the Pulumi engine says about each resource, stamped when it is read: its own stamps are whole seconds. */
import { closeSync, openSync, readSync } from "node:fs";
import type { ResourceSpan } from "./report/facts";

export interface ResourceEvent {
  readonly at: number;
  readonly kind: "started" | "done" | "failed";
  readonly op: string;
  readonly urn: string;
  /** Last part of the type, as a person says it: "Migration". */
  readonly type: string;
  readonly name: string;
}

interface Metadata {
  readonly op?: string;
  readonly urn?: string;
  readonly type?: string;
  readonly new?: { readonly custom?: boolean } | null;
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

const toEvent = (kind: ResourceEvent["kind"], metadata: Metadata, at: number): ResourceEvent | undefined => {
  const { op = "", urn, type = "" } = metadata;
  if (urn === undefined || !isCustom(metadata)) return undefined;
  return { at, kind, op, urn, type: lastOf(type, ":"), name: lastOf(urn, "::") };
};

/** @returns undefined for what is no word about a custom resource: components do nothing themselves. */
export const parseEvent = (line: string, at: number): ResourceEvent | undefined => {
  const parsed = JSON.parse(line) as EngineLine;
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

const LOOK_EVERY_MS = 100;
const CHUNK = 1 << 16;

/** Reads what was appended since the last look; a file that is not there yet has nothing. */
const createTail = (path: string): (() => string) => {
  const buffer = Buffer.alloc(CHUNK);
  const decoder = new TextDecoder();
  let position = 0;
  return () => {
    let text = "";
    try {
      const file = openSync(path, "r");
      for (let read = -1; read !== 0; position += read) {
        read = readSync(file, buffer, 0, CHUNK, position);
        text += decoder.decode(buffer.subarray(0, read), { stream: true });
      }
      closeSync(file);
    } catch {
      return text;
    }
    return text;
  };
};

/** Calls back for each event as it is written, until stopped; the rest is read then. */
export const followEvents = (path: string, onEvent: (event: ResourceEvent) => void): { stop(): void } => {
  const readMore = createTail(path);
  let rest = "";
  const look = (): void => {
    const lines = (rest + readMore()).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines.filter(one => one !== "")) {
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
