import type { Observer, Post, Stage } from "../client/stage";
import { appOf, type FactOf } from "../server/objects";
import { isDown } from "./arithmetic";
import { knownBudgetsOf, laneOf } from "./lanes";

interface Call {
  readonly post: Post;
  readonly lane: string;
  readonly takesSlot: boolean;
  done: boolean;
  /** First version of the budget that names its pod after it was sent: nobody can tell whose eviction that is. */
  shownBy?: number;
}

/** What can be known of a budget's room: its status as it was told, less our own calls that it does not show. */
export interface SlotAccount extends Required<Pick<Observer, "born" | "posted" | "written" | "committed">> {
  /** What limits this pod, by what was known when it was asked for. */
  readonly laneOf: (uid: string) => string | undefined;
  /** Calls of a lane that ask for a slot and are not answered, but for this pod's. */
  readonly underWay: (lane: string, but?: string) => readonly Post[];
  readonly freeOf: (budget: FactOf["budget"], lane: string, but?: string) => number;
}

/** A budget that needs nobody still spends a slot for a pod that is not Ready. */
const keepsUnready = (budget: FactOf["budget"], pod: FactOf["pod"]): boolean =>
  budget.needed === 0 && !budget.alwaysAllowUnhealthy && pod.phase !== "Pending";

const callOf = (stage: Stage, post: Post): Call | undefined => {
  const pod = stage.known("pod").find(({ uid }) => uid === post.action.uid);
  if (pod === undefined) return undefined;
  const [only] = knownBudgetsOf(stage, appOf(pod));
  const takesSlot = !isDown(pod) || (only !== undefined && keepsUnready(only, pod));
  return { post, lane: laneOf(stage, pod), takesSlot, done: false };
};

export const accountSlots = (stage: Stage): SlotAccount => {
  const calls = new Map<string, Call>();
  const isOpen = (uid: string): boolean => stage.outstanding.has(uid);
  const inLane = (lane: string, but = ""): readonly Call[] =>
    [...calls].flatMap(([uid, call]) => (call.lane === lane && uid !== but ? [call] : []));
  const isReady = ({ action }: Post): boolean =>
    stage.known("pod").some(({ uid, ready }) => uid === action.uid && ready);
  const isUnseen = ({ post, takesSlot, done, shownBy }: Call, version: number): boolean => {
    // It got Ready while its call was under way, and the engine has been told so.
    if (!takesSlot && !isReady(post)) return false;
    return done ? shownBy !== undefined && shownBy > version : isOpen(post.action.uid);
  };
  return {
    born: () => calls.clear(),
    posted: post => {
      const call = callOf(stage, post);
      if (call !== undefined) calls.set(post.action.uid, call);
    },
    committed: (post, reply) => {
      const call = calls.get(post.action.uid);
      if (call?.post !== post || !reply.ok) return;
      call.done = true;
    },
    written: ({ kind, fact }) => {
      if (kind !== "budget" || !("disruptedPods" in fact)) return;
      for (const call of inLane(`PDB ${fact.name}`))
        if (fact.disruptedPods.includes(call.post.action.name)) call.shownBy ??= Number(fact.resourceVersion);
    },
    laneOf: uid => calls.get(uid)?.lane,
    underWay: (lane, but) =>
      inLane(lane, but).flatMap(({ post, takesSlot }) =>
        takesSlot && isOpen(post.action.uid) ? [post] : [],
      ),
    freeOf: (budget, lane, but) => {
      const version = Number(budget.resourceVersion);
      return budget.allowed - inLane(lane, but).filter(call => isUnseen(call, version)).length;
    },
  };
};
