import type { MakeObserver, Stage } from "../client/stage";
import { isMovable, isOnBlue } from "../client/stage";
import type { FactOf } from "../server/objects";
import { downAtOnce, isDown, isEvictable } from "./arithmetic";
import { appOf } from "../server/objects";
import { knownBudgetsOf, laneOf } from "./lanes";
import { accountSlots } from "./slots";

const isUndisturbed = ({ server: { story } }: Stage): boolean =>
  story.wire.chance === 0 && story.kills.length === 0 && story.mishaps.length === 0;

/** I9: where nobody disturbs, hardly more calls than pods. */
export const thrifty: MakeObserver = (stage, violate) => {
  let posts = 0;
  let moved = 0;
  return {
    posted: () => (posts += 1),
    committed: (_post, reply) => (moved += reply.ok && reply.fresh ? 1 : 0),
    ended: () => {
      if (isUndisturbed(stage) && posts > Math.ceil(moved * 1.1))
        violate("I9", `${posts} calls for ${moved} pods`);
    },
  };
};

type Pod = FactOf["pod"];

const MAX_AT_ONCE = 10;
const ATTEMPT_WITHIN_MS = 1_000;

/** I10: with a slot free and a pod that may take it, something is tried within a second. */
export const prompt: MakeObserver = (stage, violate) => {
  const since = new Map<string, number>();
  const account = accountSlots(stage);
  const taken = new Set<string>();
  const refusedAt = new Map<string, string>();
  const { story } = stage.server;
  const isWatching = story.wire.chance === 0 && !story.mishaps.some(({ kind }) => kind === "cancel");

  const isOurs = (pod: Pod): boolean => taken.has(pod.uid) || stage.outstanding.has(pod.uid);

  const pdbSlots = (budget: FactOf["budget"], lane: string): number => {
    if (!budget.observed || refusedAt.get(lane) === budget.resourceVersion) return 0;
    // One call after the other is prompt enough where the server has to count.
    return account.underWay(lane).length === 0 ? account.freeOf(budget, lane) : 0;
  };

  const ownSlots = (app: string, pods: readonly Pod[]): number => {
    const fact = stage.known("workload").find(({ name }) => name === app);
    if (fact === undefined) return 0;
    const up = pods.filter(pod => appOf(pod) === app && !isDown(pod) && !isOurs(pod)).length;
    return downAtOnce(fact.kind, fact.desired) - Math.max(0, fact.desired - up);
  };

  const isWaiting = (pod: Pod): boolean => {
    const spec = stage.server.workloads.get(appOf(pod))?.spec;
    return (
      isOnBlue(pod) &&
      isMovable(pod) &&
      !isDown(pod) &&
      pod.createdAt === 0 &&
      !isOurs(pod) &&
      spec !== undefined &&
      isEvictable(spec)
    );
  };

  const mayAct = (): boolean =>
    stage.awake() &&
    stage.closed() === undefined &&
    stage.outstanding.size < MAX_AT_ONCE &&
    stage.known("node").every(({ name, cordoned }) => cordoned || !name.startsWith("blue"));

  /** Lanes in which something could be sent now, with one pod that could go. */
  const idle = (): ReadonlyMap<string, string> => {
    if (!mayAct()) return new Map();
    const pods = stage.known("pod");
    const found = new Map<string, string>();
    for (const pod of pods.filter(isWaiting)) {
      const lane = laneOf(stage, pod);
      if (found.has(lane)) continue;
      const budgets = knownBudgetsOf(stage, appOf(pod));
      const [only] = budgets;
      const slots = only === undefined ? ownSlots(appOf(pod), pods) : pdbSlots(only, lane);
      if (budgets.length <= 1 && slots > 0) found.set(lane, pod.name);
    }
    return found;
  };

  const judge = (): void => {
    const now = stage.server.clock.now();
    for (const [lane, at] of since) {
      if (now - at <= ATTEMPT_WITHIN_MS) continue;
      violate("I10", `${lane} had a slot for ${Math.round(now - at)} ms and nothing was tried`);
      since.delete(lane);
    }
  };

  const note = (): void => {
    const lanesIdle = idle();
    const now = stage.server.clock.now();
    for (const lane of since.keys()) if (!lanesIdle.has(lane)) since.delete(lane);
    for (const lane of lanesIdle.keys()) if (!since.has(lane)) since.set(lane, now);
  };

  if (!isWatching) return {};
  return {
    born: () => {
      account.born();
      since.clear();
      refusedAt.clear();
    },
    posted: account.posted,
    written: account.written,
    committed: (post, reply) => {
      account.committed(post, reply);
      if (reply.ok) taken.add(post.action.uid);
    },
    answered: ({ action, at }, failure) => {
      const lane = account.laneOf(action.uid);
      const [only] = knownBudgetsOf(
        stage,
        lane?.startsWith("PDB") === true ? appName(stage, action.uid) : "",
      );
      if (failure !== undefined && lane !== undefined && at > 0 && only !== undefined)
        refusedAt.set(lane, only.resourceVersion);
    },
    looked: () => {
      judge();
      note();
    },
  };
};

const appName = (stage: Stage, uid: string): string => {
  const pod = stage.known("pod").find(one => one.uid === uid);
  return pod === undefined ? "" : appOf(pod);
};
