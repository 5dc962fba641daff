import { assertNever } from "../result";
import type {
  AttachmentFact,
  BudgetFact,
  Change,
  ChangedObject,
  NodeFact,
  PodFact,
  WorkloadFact,
} from "./facts";
import { handleOf } from "./handles";
import { listed, noTies, tie, type Ties, untie } from "./ties";
import { type Groups, joined, left, versioned, type VersionedMap } from "./versioned";
import { rememberEach } from "./rememberEach";

/** The cluster as last heard of, by uid. The only source of the work to do: nothing is queued beside it. */
export interface World {
  readonly pods: VersionedMap<string, PodFact>;
  /** Which uid bears a pod's full name now: a predecessor of the same name is never acted on. */
  readonly podNames: VersionedMap<string, string>;
  readonly podsByNode: Groups;
  readonly podsByOwner: Groups;
  readonly podsByNamespace: Groups;
  readonly budgets: VersionedMap<string, BudgetFact>;
  readonly budgetNames: VersionedMap<string, string>;
  /** By one label that a pod must have to be selected. */
  readonly budgetsByHandle: Groups;
  readonly workloads: VersionedMap<string, WorkloadFact>;
  /** By `namespace/Kind/name`. */
  readonly workloadNames: VersionedMap<string, string>;
  readonly workloadsByOwner: Groups;
  readonly nodes: VersionedMap<string, NodeFact>;
  readonly nodeNames: VersionedMap<string, string>;
  readonly attachments: VersionedMap<string, AttachmentFact>;
  readonly attachmentsByNode: Groups;
  readonly ties: Ties;
}

/** Each run begins with a world of its own: versions of one chain cost their way back. */
export const emptyWorld = (): World => ({
  pods: versioned(),
  podNames: versioned(),
  podsByNode: versioned(),
  podsByOwner: versioned(),
  podsByNamespace: versioned(),
  budgets: versioned(),
  budgetNames: versioned(),
  budgetsByHandle: versioned(),
  workloads: versioned(),
  workloadNames: versioned(),
  workloadsByOwner: versioned(),
  nodes: versioned(),
  nodeNames: versioned(),
  attachments: versioned(),
  attachmentsByNode: versioned(),
  ties: noTies(),
});

export const fullName = (object: { readonly namespace: string; readonly name: string }): string =>
  `${object.namespace}/${object.name}`;

interface Named {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
}

export const keyText = ({ namespace, kind, name }: Named): string => `${namespace}/${kind}/${name}`;

/** Kept: every decision asks for it, once for each pod that may go. */
export const workloadKey = rememberEach(keyText);

/** The workload that bears this key (`namespace/Kind/name`) now. */
export const workloadCalled = (key: string, { workloads, workloadNames }: World): WorkloadFact | undefined =>
  workloads.get(workloadNames.get(key) ?? "");

type Draft = { -readonly [K in keyof World]: World[K] };

type GroupsOf = { [K in keyof World]: World[K] extends Groups ? K : never }[keyof World];

/** Moves a member from one group to another; an absent name is no group. */
const regroup = (
  draft: Draft,
  table: GroupsOf,
  move: { readonly member: string; readonly from: string | undefined; readonly to: string | undefined },
): void => {
  const { member, from, to } = move;
  if (from === to) return;
  if (from !== undefined) draft[table] = left(draft[table], from, member);
  if (to !== undefined) draft[table] = joined(draft[table], to, member);
};

type Keys = Readonly<Record<"node" | "owner" | "namespace", string | undefined>>;

const NO_KEYS: Keys = { node: undefined, owner: undefined, namespace: undefined };

const keysOf = (pod: PodFact | undefined): Keys =>
  pod === undefined ? NO_KEYS : { node: pod.node, owner: pod.owner?.uid, namespace: pod.namespace };

const indexPod = (draft: Draft, before: PodFact | undefined, after: PodFact | undefined): void => {
  const member = (after ?? before)?.uid ?? "";
  const from = keysOf(before);
  const to = keysOf(after);
  regroup(draft, "podsByNode", { member, from: from.node, to: to.node });
  regroup(draft, "podsByOwner", { member, from: from.owner, to: to.owner });
  regroup(draft, "podsByNamespace", { member, from: from.namespace, to: to.namespace });
};

const removePod = (draft: Draft, uid: string): void => {
  const pod = draft.pods.get(uid);
  if (pod === undefined) return;
  indexPod(draft, pod, undefined);
  draft.pods = draft.pods.without(uid);
  if (draft.podNames.get(fullName(pod)) === uid) draft.podNames = draft.podNames.without(fullName(pod));
};

const setPod = (draft: Draft, pod: PodFact): void => {
  const name = fullName(pod);
  const bearer = draft.podNames.get(name);
  const known = bearer === undefined ? undefined : draft.pods.get(bearer);
  if (known !== undefined && known.uid !== pod.uid) {
    if (known.createdAt > pod.createdAt) return;
    removePod(draft, known.uid);
  }
  indexPod(draft, draft.pods.get(pod.uid), pod);
  draft.pods = draft.pods.with(pod.uid, pod);
  draft.podNames = draft.podNames.with(name, pod.uid);
};

const removeBudget = (draft: Draft, uid: string): void => {
  const fact = draft.budgets.get(uid);
  if (fact === undefined) return;
  regroup(draft, "budgetsByHandle", { member: uid, from: handleOf(fact), to: undefined });
  draft.budgets = draft.budgets.without(uid);
  if (draft.budgetNames.get(fullName(fact)) === uid)
    draft.budgetNames = draft.budgetNames.without(fullName(fact));
};

const setBudget = (draft: Draft, fact: BudgetFact): void => {
  const before = draft.budgets.get(fact.uid);
  const from = before === undefined ? undefined : handleOf(before);
  regroup(draft, "budgetsByHandle", { member: fact.uid, from, to: handleOf(fact) });
  draft.budgets = draft.budgets.with(fact.uid, fact);
  draft.budgetNames = draft.budgetNames.with(fullName(fact), fact.uid);
};

const removeWorkload = (draft: Draft, uid: string): void => {
  const fact = draft.workloads.get(uid);
  if (fact === undefined) return;
  regroup(draft, "workloadsByOwner", { member: uid, from: fact.owner?.uid, to: undefined });
  draft.workloads = draft.workloads.without(uid);
  const key = workloadKey(fact);
  if (draft.workloadNames.get(key) === uid) draft.workloadNames = draft.workloadNames.without(key);
};

const setWorkload = (draft: Draft, fact: WorkloadFact): void => {
  const from = draft.workloads.get(fact.uid)?.owner?.uid;
  regroup(draft, "workloadsByOwner", { member: fact.uid, from, to: fact.owner?.uid });
  draft.workloads = draft.workloads.with(fact.uid, fact);
  draft.workloadNames = draft.workloadNames.with(workloadKey(fact), fact.uid);
};

const removeNode = (draft: Draft, uid: string): void => {
  const fact = draft.nodes.get(uid);
  if (fact === undefined) return;
  draft.nodes = draft.nodes.without(uid);
  if (draft.nodeNames.get(fact.name) === uid) draft.nodeNames = draft.nodeNames.without(fact.name);
};

const setNode = (draft: Draft, fact: NodeFact): void => {
  draft.nodes = draft.nodes.with(fact.uid, fact);
  draft.nodeNames = draft.nodeNames.with(fact.name, fact.uid);
};

const removeAttachment = (draft: Draft, uid: string): void => {
  const from = draft.attachments.get(uid)?.node;
  regroup(draft, "attachmentsByNode", { member: uid, from, to: undefined });
  draft.attachments = draft.attachments.without(uid);
};

const setAttachment = (draft: Draft, fact: AttachmentFact): void => {
  const from = draft.attachments.get(fact.uid)?.node;
  regroup(draft, "attachmentsByNode", { member: fact.uid, from, to: fact.node });
  draft.attachments = draft.attachments.with(fact.uid, fact);
};

const set = (draft: Draft, object: ChangedObject): void => {
  switch (object.kind) {
    case "pod":
      setPod(draft, object.fact);
      return;
    case "budget":
      setBudget(draft, object.fact);
      return;
    case "workload":
      setWorkload(draft, object.fact);
      return;
    case "node":
      setNode(draft, object.fact);
      return;
    case "attachment":
      setAttachment(draft, object.fact);
      return;
    case "daemonSet":
    case "volume":
      draft.ties = tie(draft.ties, object);
      return;
    default:
      assertNever(object);
  }
};

const REMOVE: Readonly<Record<ChangedObject["kind"], (draft: Draft, uid: string) => void>> = {
  pod: removePod,
  budget: removeBudget,
  workload: removeWorkload,
  node: removeNode,
  attachment: removeAttachment,
  daemonSet: (draft, uid) => void (draft.ties = untie(draft.ties, { kind: "daemonSet", uid })),
  volume: (draft, uid) => void (draft.ties = untie(draft.ties, { kind: "volume", uid })),
};

/** Costs as much as there are changes, however large the cluster is. */
export const applyChanges = (world: World, changes: readonly Change[]): World => {
  if (changes.length === 0) return world;
  const draft: Draft = { ...world };
  for (const change of changes) {
    if (change.type === "set") set(draft, change.object);
    else if (change.type === "gone") REMOVE[change.kind](draft, change.uid);
    else draft.ties = listed(draft.ties);
  }
  return draft;
};
