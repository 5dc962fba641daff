import { standingOf, workloadOf } from "./workloads";
import { membersOf } from "./versioned";
import type { Draft } from "./sketch";
import type { PodFact, WorkloadFact } from "./facts";
import type { Tallied, Workload, WorkloadCount } from "./surveyed";
import { workloadKey } from "./world";

const NONE = { pods: 0, live: 0, available: 0, starting: 0 };

const shifted = (count: WorkloadCount, as: Tallied["as"], by: 1 | -1): WorkloadCount => ({
  workload: count.workload,
  pods: count.pods + by,
  live: count.live + (as === "absent" ? 0 : by),
  available: count.available + (as === "available" ? by : 0),
  starting: count.starting + (as === "starting" ? by : 0),
});

const leave = (draft: Draft, { key, as }: Tallied): void => {
  const count = draft.counts.get(key);
  if (count === undefined) return;
  const next = shifted(count, as, -1);
  draft.counts = next.pods === 0 ? draft.counts.without(key) : draft.counts.with(key, next);
  draft.touched.workloads.add(key);
};

const enter = (draft: Draft, workload: Workload, as: Tallied["as"]): void => {
  const count = draft.counts.get(workload.key) ?? { workload, ...NONE };
  draft.counts = draft.counts.with(workload.key, shifted({ ...count, workload }, as, 1));
  draft.touched.workloads.add(workload.key);
};

const untally = (draft: Draft, uid: string): void => {
  const before = draft.tallied.get(uid);
  if (before === undefined) return;
  leave(draft, before);
  draft.tallied = draft.tallied.without(uid);
};

interface Standing {
  readonly workload: Workload;
  readonly as: Tallied["as"];
}

const standingNow = ({ state }: Draft, uid: string): Standing | undefined => {
  const pod = state.world.pods.get(uid);
  const workload = pod === undefined ? undefined : workloadOf(pod, state.world);
  return pod === undefined || workload === undefined ? undefined : { workload, as: standingOf(pod, state) };
};

const isTallied = (before: Tallied | undefined, standing: Standing | undefined): boolean =>
  before?.key === standing?.workload.key && before?.as === standing?.as;

/** Counts a pod for what it is now, instead of for what it was. */
export const retally = (draft: Draft, uid: string): void => {
  const standing = standingNow(draft, uid);
  if (isTallied(draft.tallied.get(uid), standing)) return;
  untally(draft, uid);
  if (standing === undefined) return;
  const { workload, as } = standing;
  enter(draft, workload, as);
  // One text for all pods of a workload.
  const key = draft.counts.get(workload.key)?.workload.key ?? workload.key;
  draft.tallied = draft.tallied.with(uid, { key, as });
};

const sameWish = (a: WorkloadFact | undefined, b: WorkloadFact | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.desired === b.desired &&
  a.owner?.uid === b.owner?.uid &&
  workloadKey(a) === workloadKey(b);

const refresh = (draft: Draft, workload: Workload): void => {
  const count = draft.counts.get(workload.key);
  if (count !== undefined) draft.counts = draft.counts.with(workload.key, { ...count, workload });
  draft.touched.workloads.add(workload.key);
};

/** Pods of one owner all belong to the same workload: one of them tells whether they have got another. */
const rereadOwner = (draft: Draft, owner: string): void => {
  const { world } = draft.state;
  const [sample] = membersOf(world.podsByOwner, owner);
  const pod: PodFact | undefined = sample === undefined ? undefined : world.pods.get(sample);
  if (sample === undefined || pod === undefined) return;
  const workload = workloadOf(pod, world);
  if (workload !== undefined && draft.tallied.get(sample)?.key === workload.key) refresh(draft, workload);
  else for (const uid of membersOf(world.podsByOwner, owner)) draft.touched.pods.add(uid);
};

/** A workload moved: it wants another number of pods, came, went, or belongs to another one. */
export const rereadWorkload = (draft: Draft, uid: string, before: WorkloadFact | undefined): void => {
  const { world } = draft.state;
  const after = world.workloads.get(uid);
  if (sameWish(before, after)) return;
  for (const fact of [before, after]) if (fact !== undefined) draft.touched.workloads.add(workloadKey(fact));
  for (const owner of [uid, ...membersOf(world.workloadsByOwner, uid)]) rereadOwner(draft, owner);
};
