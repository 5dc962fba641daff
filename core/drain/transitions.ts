import type { Answer } from "./answers";
import type { DrainEvent } from "./events";
import type { Guard } from "./guards";
import type { DrainOutcome } from "./report";
import type { Attempt } from "./attempts";
import type { DrainState } from "./state";
import type { Place } from "./surveyed";
import { formerValues } from "./versioned";
import { fullName } from "./world";

export type PodState = "queued" | "posted" | "terminating" | "blocked" | "awaited" | "gone";

/** One thing that changed, as a line of a log. `at`: milliseconds since the epoch. */
export type Transition = { readonly at: number } & (
  | { readonly kind: "started"; readonly pods: number; readonly nodes: number }
  | {
      readonly kind: "pod";
      readonly pod: string;
      readonly uid: string;
      readonly node: string;
      readonly from?: PodState;
      readonly to: PodState;
      readonly reason?: string;
    }
  | {
      readonly kind: "eviction";
      readonly pod: string;
      readonly uid: string;
      readonly budget: string;
      readonly answer: Answer["kind"];
      readonly ms: number;
    }
  | { readonly kind: "node"; readonly node: string; readonly to: "empty" | "filled" }
  | {
      readonly kind: "guard";
      readonly guard: string;
      readonly to: Guard["state"];
      readonly then: Guard["then"];
      readonly reason?: string;
    }
  | { readonly kind: "finished"; readonly outcome: DrainOutcome["kind"]; readonly moved: number }
);

interface Seen {
  readonly place: Place | undefined;
  readonly attempt: Attempt | undefined;
}

const STATE_OF: Readonly<Record<Place["kind"], PodState | undefined>> = {
  ignored: undefined,
  going: "terminating",
  awaited: "awaited",
  blocked: "blocked",
  lane: "queued",
};

const stateOf = ({ place, attempt }: Seen): PodState | undefined => {
  if (place === undefined) return undefined;
  if (attempt?.phase === "posted") return "posted";
  return attempt?.phase === "accepted" ? "terminating" : STATE_OF[place.kind];
};

const reasonOf = (place: Place | undefined): { readonly reason?: string } => {
  if (place?.kind === "blocked") return { reason: place.blocked.code };
  return place?.kind === "awaited" ? { reason: place.awaited.code } : {};
};

const podTransition = (at: number, uid: string, seen: readonly [Seen, Seen]): readonly Transition[] => {
  const [from, to] = seen.map(stateOf);
  const place = seen[1].place ?? seen[0].place;
  if (from === to || place === undefined) return [];
  return [
    {
      ...{ at, kind: "pod", uid, pod: fullName(place.pod), node: place.node },
      ...(from === undefined ? {} : { from }),
      to: to ?? "gone",
      ...reasonOf(seen[1].place),
    },
  ];
};

const NOWHERE: ReadonlyMap<string, Place> = new Map();

const placesOf = ({ looked }: DrainState): ReadonlyMap<string, Place> => looked?.survey.places ?? NOWHERE;

type FormerPlaces = ReadonlyMap<string, Place | undefined>;

/** Where each pod was that may be elsewhere now; after a look from nothing that may be any. */
const formerPlaces = (before: DrainState, after: DrainState): FormerPlaces => {
  const [then, now] = [placesOf(before), placesOf(after)];
  const known = formerValues(then, now);
  return known ?? new Map([...then.keys(), ...now.keys()].map(uid => [uid, then.get(uid)]));
};

/** The pods that wait from the start on are many, and their number is told. */
const isFirstSight = ({ looked }: DrainState, transition: Transition): boolean =>
  looked === undefined && transition.kind === "pod" && transition.to === "queued";

const podTransitions = (before: DrainState, after: DrainState): readonly Transition[] => {
  const places = formerPlaces(before, after);
  const attempts = formerValues(before.attempts, after.attempts) ?? new Map<string, Attempt>();
  return [...new Set([...places.keys(), ...attempts.keys()])]
    .flatMap(uid => {
      const now = { place: placesOf(after).get(uid), attempt: after.attempts.get(uid) };
      const then = {
        place: places.has(uid) ? places.get(uid) : now.place,
        attempt: attempts.has(uid) ? attempts.get(uid) : now.attempt,
      };
      return podTransition(after.now, uid, [then, now]);
    })
    .filter(transition => !isFirstSight(before, transition));
};

const evictionTransition = (before: DrainState, event: DrainEvent): readonly Transition[] => {
  if (event.kind !== "answered") return [];
  const attempt = before.attempts.get(event.uid);
  if (attempt?.phase !== "posted") return [];
  const calls = before.budgets.get(attempt.budget)?.inFlight ?? [];
  const pod = calls.find(call => call.uid === event.uid)?.pod ?? "";
  const { now: at, uid, answer } = event;
  return [
    {
      ...{ at, kind: "eviction", uid, pod, budget: attempt.budget },
      answer: answer.kind,
      ms: at - attempt.at,
    },
  ];
};

const nodeTransitions = (before: DrainState, after: DrainState): readonly Transition[] => {
  const former = formerValues(before.emptySince, after.emptySince) ?? new Map<string, number>();
  return [...former].flatMap(([node, since]) => {
    const isEmpty = after.emptySince.has(node);
    if (isEmpty === (since !== undefined)) return [];
    return [{ at: after.now, kind: "node" as const, node, to: isEmpty ? "empty" : "filled" } as const];
  });
};

const guardTransitions = (before: DrainState, after: DrainState): readonly Transition[] => {
  if (before.guards === after.guards) return [];
  const former = new Map(before.guards.map(guard => [guard.name, guard.state]));
  return after.guards
    .filter(({ name, state }) => (former.get(name) ?? "open") !== state)
    .map(({ name, state, then, reason }) => ({
      ...{ at: after.now, kind: "guard", guard: name, to: state, then },
      ...(reason === undefined ? {} : { reason }),
    }));
};

const startTransition = (before: DrainState, after: DrainState): readonly Transition[] => {
  if (before.looked !== undefined || after.looked === undefined) return [];
  const { places, blue } = after.looked.survey;
  return [{ at: after.now, kind: "started", pods: places.size, nodes: blue.size }];
};

const endTransition = (before: DrainState, { outcome, now, moved }: DrainState): readonly Transition[] =>
  outcome === undefined || before.outcome !== undefined
    ? []
    : [{ at: now, kind: "finished", outcome: outcome.kind, moved }];

/** What one event changed. Costs as much as there are changes. */
export const transitionsOf = (
  before: DrainState,
  event: DrainEvent,
  after: DrainState,
): readonly Transition[] => [
  ...startTransition(before, after),
  ...evictionTransition(before, event),
  ...guardTransitions(before, after),
  ...podTransitions(before, after),
  ...nodeTransitions(before, after),
  ...endTransition(before, after),
];
