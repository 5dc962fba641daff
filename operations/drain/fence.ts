import { ANNOTATION, TAINT } from "../../core/identity/names";
import { type Problem, ProblemError } from "../../core/problem";
import { type KubeClient, type NodeChange, type NodeView, patchNode, type Taint } from "../../kube";
import { EXCLUDED, parsePrior, type PriorState, recordPrior } from "./prior";

export interface FenceOptions {
  /** Who fences; written on the node. */
  readonly run: string;
  /** Hard: nothing is scheduled there any more. Else only a wish of the scheduler. */
  readonly cordon: boolean;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
}

/** What happened to each node, sorted by name. Nodes that are gone are none of anybody's business. */
export interface FenceReport {
  readonly changed: readonly string[];
  readonly same: readonly string[];
  readonly gone: readonly string[];
}

const AT_ONCE = 20;

const isLeaving = ({ key }: Taint): boolean => key === TAINT.leaving.key;

/** Recorded once; the cordon is noted when it becomes ours, with what was there at that moment. */
const priorFor = (node: NodeView, options: FenceOptions): PriorState => {
  const at = new Date((options.now ?? Date.now)()).toISOString();
  const prior = parsePrior(node.annotations[ANNOTATION.prior]) ?? recordPrior(node, at);
  if (!options.cordon || prior.cordoned) return prior;
  return { ...prior, unschedulable: node.unschedulable, cordoned: true, cordonedAt: at };
};

/** Record and change are one write, valid only for the state they were decided by. */
export const planFence = (node: NodeView, options: FenceOptions): NodeChange => ({
  annotations: {
    [ANNOTATION.prior]: JSON.stringify(priorFor(node, options)),
    [ANNOTATION.run]: options.run,
  },
  taints: node.taints.some(isLeaving) ? node.taints : [...node.taints, TAINT.leaving],
  ...(options.cordon ? { unschedulable: true } : {}),
});

/** Label and record are one write. Nothing for a node that bears the label already, or no record of ours. */
export const planLeave = (node: NodeView, now: number): NodeChange => {
  const prior = parsePrior(node.annotations[ANNOTATION.prior]);
  if (prior === undefined || EXCLUDED in node.labels) return {};
  const record: PriorState = { ...prior, excludedAt: new Date(now).toISOString() };
  return { labels: { [EXCLUDED]: "" }, annotations: { [ANNOTATION.prior]: JSON.stringify(record) } };
};

const UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

/** Our marks go, what was there before stays; a cordon that is not ours is left alone. */
export const planOpen = (node: NodeView): NodeChange => {
  const prior = parsePrior(node.annotations[ANNOTATION.prior]);
  const foreign = node.taints.filter(taint => !isLeaving(taint));
  const back = prior?.cordoned === true ? { unschedulable: prior.unschedulable } : {};
  // The node controller takes this taint away only after a moment, in which the scheduler would still see it.
  const open = back.unschedulable === false ? foreign.filter(({ key }) => key !== UNSCHEDULABLE) : foreign;
  return {
    ...back,
    ...(prior?.excludedAt === undefined ? {} : { labels: { [EXCLUDED]: null } }),
    taints: [...open, ...(prior?.taints ?? [])],
    annotations: { [ANNOTATION.prior]: null, [ANNOTATION.run]: null },
  };
};

type Fate = "changed" | "same" | "gone";

const failure = (name: string, error: unknown): Problem => ({
  code: "Fence.Failed",
  path: `nodes/${name}`,
  message: error instanceof Error ? error.message : String(error),
  fix: "run the same command again: what was done is recorded on each node and not done twice",
});

interface Tried {
  readonly name: string;
  readonly fate: Fate | Problem;
}

const tryNode = async (name: string, change: (name: string) => Promise<Fate>): Promise<Tried> => {
  try {
    return { name, fate: await change(name) };
  } catch (error) {
    return { name, fate: failure(name, error) };
  }
};

/** Some at a time, all of them, and every failure is told. */
const eachNode = async (
  names: readonly string[],
  change: (name: string) => Promise<Fate>,
): Promise<FenceReport> => {
  const sorted = [...new Set(names)].sort();
  const tried: Tried[] = [];
  for (let start = 0; start < sorted.length; start += AT_ONCE) {
    const batch = sorted.slice(start, start + AT_ONCE);
    tried.push(...(await Promise.all(batch.map(name => tryNode(name, change)))));
  }
  const problems = tried.flatMap(({ fate }) => (typeof fate === "string" ? [] : [fate]));
  if (problems.length > 0) throw new ProblemError("nodes could not be changed", problems);
  const of = (wanted: Fate): readonly string[] =>
    tried.filter(({ fate }) => fate === wanted).map(({ name }) => name);
  return { changed: of("changed"), same: of("same"), gone: of("gone") };
};

/** Marks nodes as being left. Done already is success; the state before is recorded first and never overwritten. */
export const fenceNodes = (
  kube: KubeClient,
  names: readonly string[],
  options: FenceOptions,
): Promise<FenceReport> =>
  eachNode(names, name =>
    patchNode(kube, name, node => planFence(node, options), { signal: options.signal }),
  );

/** Gives nodes back as they were recorded; a node without any mark of ours is not written to. */
export const openFence = (
  kube: KubeClient,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<FenceReport> => eachNode(names, name => patchNode(kube, name, planOpen, { signal }));
