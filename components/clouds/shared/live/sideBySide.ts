import { type Problem, ProblemError } from "../../../../core/problem";
import { KubeError } from "../../../../kube";
import type { CloudReadiness, Findings } from "../../../../operations/ports";
import { isOutage } from "../../../../operations/preflight/outage";

export type { Findings };

export const NOTHING: Findings = { blockers: [], warnings: [] };

export const allOf = (found: readonly Findings[]): Findings => ({
  blockers: found.flatMap(({ blockers }) => blockers),
  warnings: found.flatMap(({ warnings }) => warnings),
});

/** A question to a cloud, by what would be unknown without its answer ("quotas"). */
export interface Check {
  readonly what: string;
  readonly ask: () => Promise<Findings>;
}

/** Two questions may need the same answer: it is asked for once. */
export const once = <T>(read: () => Promise<T>): (() => Promise<T>) => {
  let answer: Promise<T> | undefined;
  return () => (answer ??= read());
};

interface Outcome {
  readonly what: string;
  readonly findings?: Findings;
  /** Why there are none. */
  readonly reasons?: readonly Reason[];
  readonly outage?: Error;
}

/**
 * Asks all at once: the deadline is for all of them together. What may not be asked, or is not answered in time, is a
 * warning of its own beside what the others found; only where nothing at all answers is it an outage.
 */
export const askSideBySide = async (checks: readonly Check[], signal: AbortSignal): Promise<Findings> => {
  const outcomes = await Promise.all(checks.map(check => outcomeOf(check, signal)));
  const first = outcomes[0]?.outage;
  if (first !== undefined && outcomes.every(({ outage }) => outage !== undefined)) throw first;
  return allOf([...outcomes.flatMap(({ findings }) => findings ?? []), unknownOf(outcomes)]);
};

/**
 * All that a cloud says of a wanted state. When the identity ends is asked beside it, and its answer, or none, is no
 * sign of the cloud.
 *
 * @param readEnds ISO time, or nothing where something renews the credentials.
 */
export const askCloudAndIdentity = async (
  checks: readonly Check[],
  readEnds: () => Promise<string | undefined> | string | undefined,
  signal: AbortSignal,
): Promise<CloudReadiness> => {
  const identity: { ends?: string } = {};
  const ask = async (): Promise<Findings> => {
    const ends = await readEnds();
    if (ends !== undefined) identity.ends = ends;
    return NOTHING;
  };
  const [found, own] = await Promise.all([
    askSideBySide(checks, signal),
    outcomeOf({ what: "how long the credentials last", ask }, signal),
  ]);
  const said = allOf([found, unknownOf([own])]);
  return identity.ends === undefined ? said : { ...said, identityEnds: identity.ends };
};

/** A cluster that is made gets what it asks for: there is nothing to judge before. */
export const ifThere = async <T>(
  read: () => Promise<T | undefined>,
  judge: (found: T) => Findings | Promise<Findings>,
): Promise<Findings> => {
  const found = await read();
  return found === undefined ? NOTHING : judge(found);
};

/** One permission may stand behind several questions: each reason is said once, with all that is unknown for it. */
const unknownOf = (outcomes: readonly Outcome[]): Findings => {
  const pairs = outcomes.flatMap(({ what, reasons = [] }) => reasons.map(reason => ({ what, reason })));
  const groups = Map.groupBy(pairs, ({ reason }) => reason.message);
  const warnings = [...groups.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [
          notAsked(
            [first, ...others].map(({ what }) => what),
            first.reason,
          ),
        ],
  );
  return { blockers: [], warnings };
};

const outcomeOf = async ({ what, ask }: Check, signal: AbortSignal): Promise<Outcome> => {
  try {
    return { what, findings: await inTime(ask(), signal) };
  } catch (error) {
    if (isOutage(error)) return { what, reasons: [noAnswer(error)], outage: error };
    const denied = deniedIn(error);
    if (denied.length === 0) throw error;
    return { what, reasons: denied };
  }
};

/** Ends with the signal whatever the work does: a client of a cloud may wait longer than a preview can. */
const inTime = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = (): void => reject(new KubeError({ kind: "unreachable", message: "no answer in time" }));
    signal.addEventListener("abort", late, { once: true });
    if (signal.aborted) late();
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", late));
  });

const DENIED = /\.(?:AccessDenied|Refused)$/;

/** What a cloud refuses to tell; credentials that are none at all are another matter. */
const deniedIn = (error: unknown): readonly Problem[] => {
  if (!(error instanceof ProblemError)) return [];
  return error.problems.every(({ code }) => DENIED.test(code)) ? error.problems : [];
};

interface Attempt<T> {
  /** Absent = refused, and said so. */
  readonly answer?: T;
  readonly said: Findings;
}

/** For one answer of several that make a finding together: where it is refused the others still count. */
export const orDenied = async <T>(what: string, read: () => Promise<T>): Promise<Attempt<T>> => {
  try {
    return { answer: await read(), said: NOTHING };
  } catch (error) {
    const denied = deniedIn(error);
    if (denied.length === 0) throw error;
    return { said: unknownOf([{ what, reasons: denied }]) };
  }
};

type Reason = Pick<Problem, "message" | "fix">;

const noAnswer = ({ message }: Error): Reason => ({
  message,
  fix: "run the preview again when the cloud answers",
});

const notAsked = (whats: readonly string[], { message, fix }: Reason): Problem => ({
  code: "Preflight.NotAsked",
  path: "cluster",
  message: `not checked, so nothing is known of ${whats.join(", ")}: ${message}`,
  fix,
});
