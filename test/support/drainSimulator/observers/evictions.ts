import { isMovable, isOnBlue, type MakeObserver, type Post, type Stage } from "../client/stage";
import type { LivePod, Written } from "../server/objects";
import type { StoryWorkload } from "../story";
import { atOnce, isDown, isEvictable } from "./arithmetic";
import { appOf, type FactOf } from "../server/objects";
import { knownBudgetsOf } from "./lanes";
import { accountSlots } from "./slots";

const workloadOf = ({ server }: Stage, pod: LivePod): StoryWorkload | undefined =>
  server.workloads.get(appOf(pod))?.spec;

/** Why this pod must be left alone, if it must. */
const wrongOf = (stage: Stage, pod: LivePod): string | undefined => {
  if (!isOnBlue(pod)) return `is on ${pod.node ?? "no node"}`;
  if (!isMovable(pod)) return "is not to be moved";
  const spec = workloadOf(stage, pod);
  return spec !== undefined && !isEvictable(spec) ? "would not come again, or would come back" : undefined;
};

/** I1: only what may move, only from blue, only what the name still stands for. */
export const onlyBlue: MakeObserver = (stage, violate) => ({
  posted: ({ action }) => {
    const known = stage.known("pod").find(({ uid }) => uid === action.uid);
    const truth = stage.server.pods.get(action.uid);
    if (known?.name !== action.name) violate("I1", `${action.name}: not in the cache`);
    for (const pod of [known, truth]) {
      const wrong = pod === undefined ? undefined : wrongOf(stage, pod);
      if (wrong !== undefined) violate("I1", `${action.name} ${wrong}`);
    }
  },
  committed: ({ action }, reply) => {
    if (reply.ok && !isOnBlue(reply.pod)) violate("I1", `${action.name}: evicted from ${reply.pod.node}`);
    if (reply.ok && reply.pod.uid !== action.uid) violate("I1", `${action.name}: another uid evicted`);
  },
});

/** I2: few calls on their way per PDB, none without a slot that is known to be free, none for a pod of two PDBs. */
export const withinSlots: MakeObserver = (stage, violate) => {
  const account = accountSlots(stage);
  const checkSlots = (budget: FactOf["budget"], { action: { uid, name } }: Post): void => {
    const lane = `PDB ${budget.name}`;
    const free = account.freeOf(budget, lane);
    const beside = account.underWay(lane, uid).map(({ action }) => action.name);
    const text = `${name} (${lane}: ${budget.allowed} allowed, ${free} free, under way ${beside.join()})`;
    if (free < 1) violate("I2", `no slot for ${text}`);
    if (beside.length >= atOnce(free, beside.length)) violate("I2", `too many at once: ${text}`);
  };
  return {
    ...account,
    posted: post => {
      const { uid, name } = post.action;
      const pod = stage.known("pod").find(one => one.uid === uid);
      if (pod === undefined) return;
      const [only, other] = knownBudgetsOf(stage, appOf(pod));
      if (stage.outstanding.has(uid)) violate("I2", `${name} is under way already`);
      if (other !== undefined) violate("I2", `${name} has several PDBs`);
      // What is asked for a second time may have its slot already.
      const first = account.laneOf(uid) === undefined;
      if (only !== undefined && first && !isDown(pod)) checkSlots(only, post);
      account.posted(post);
    },
  };
};

/** I4: nothing while a guard is closed or the lease is not ours. */
export const guarded: MakeObserver = (stage, violate) => ({
  posted: ({ action }) => {
    const closed = stage.closed();
    if (closed !== undefined) violate("I4", `${action.name} evicted while ${closed} is closed`);
  },
});

interface Open {
  /** When the engine, knowing that this node takes pods, first evicted something all the same. */
  evictedAt?: number;
}

/** Looked at as lost by the engine, and rightly tried again. */
const LOST_AFTER_MS = 60_000;

const isCordon = ({ kind, fact }: Written): boolean => kind === "node" && "cordoned" in fact && fact.cordoned;

const placeOf = ({ kind, fact }: Written): string | undefined =>
  kind === "pod" && "phase" in fact ? fact.node : undefined;

/** I5: no pod is asked for twice, and no successor is moved again that the engine let come to blue with open eyes. */
export const movedOnce: MakeObserver = (stage, violate) => {
  const accepted = new Map<string, Post>();
  const open = new Map<string, Open>();
  const bound = new Map<string, number>();
  const forced = new Set<string>();
  const knownOpen = (): readonly string[] =>
    stage.known("node").flatMap(({ name, cordoned }) => (name.startsWith("blue") && !cordoned ? [name] : []));
  return {
    posted: post => {
      const { uid, name } = post.action;
      const before = accepted.get(uid);
      if (before?.life === post.life && post.at - before.at < LOST_AFTER_MS)
        violate("I5", `${name} evicted again after it was accepted`);
      for (const node of knownOpen()) {
        const entry = open.get(node) ?? {};
        open.set(node, { evictedAt: entry.evictedAt ?? post.at });
      }
    },
    answered: (post, failure) => {
      if (failure === undefined) accepted.set(post.action.uid, post);
    },
    written: written => {
      const { fact, at } = written;
      if (isCordon(written)) open.delete(fact.name);
      const node = placeOf(written);
      if (node === undefined) return;
      if (written.cause === "world") forced.add(fact.uid);
      const first = open.get(node)?.evictedAt;
      if (first !== undefined && first < at && !forced.has(fact.uid)) bound.set(fact.uid, at);
    },
    committed: (_post, reply) => {
      if (!reply.ok || !reply.fresh || reply.pod.createdAt === 0) return;
      if (bound.has(reply.pod.uid))
        violate(
          "I5",
          `${reply.pod.name} moved a second time: it came to ${reply.pod.node}, known to be open`,
        );
    },
  };
};
