import type { Guard } from "../../core/drain/guards";
import type { SentryRules } from "../../core/drain/guards/gate";
import type { Window } from "../../core/drain/guards/outside";
import type { LadderRules } from "../../core/drain/ladder/rules";
import { isSelected, type NodeSelector } from "../../core/drain/scope";
import type { Beginning, DrainRules, DrainSpec } from "../../core/drain/state";
import { ANNOTATION } from "../../core/identity/names";
import type { NodeView } from "../../kube";
import { parsePrior, type PriorState } from "./prior";

export interface DrainRequest {
  /** Holder of the cluster's lease: one identity per run, never reused. */
  readonly run: string;
  /** Nodes to empty: names, or a selector that also takes nodes that join meanwhile. */
  readonly nodes: readonly string[] | NodeSelector;
  /** Share of them to empty, 0 to 100; default 100. */
  readonly percent?: number;
  /** Keep them cordoned. Default: yes if all of them are cordoned at the start. */
  readonly cordon?: boolean;
  /** Longest time without any progress before what is left counts as blocked; default 600. */
  readonly timeoutSeconds?: number;
  /** Longest time of the whole run, waiting for the lease included; default 3000. */
  readonly deadlineSeconds?: number;
  /** How pods that kubectl would ask about are treated; default: unmanaged ones block, local data may be lost. */
  readonly rules?: Partial<DrainRules>;
  /** Further conditions, read before every decision. */
  readonly guards?: () => readonly Guard[];
  /** When the run may evict at all. */
  readonly window?: Window;
  /** When the credentials end, in milliseconds since the epoch: undefined = never, NaN = that cannot be told. */
  readonly credentialsEnd?: () => number | undefined;
  /** What the engine watches in the cluster itself, and what a lasting alarm asks for; default: watch and hold. */
  readonly sentries?: SentryRules | "none";
  /** What may be done about blocked workloads, by whom it concerns; absent = nothing, `{}` = what their owners allow. */
  readonly ladder?: LadderRules;
  /** A proof says that all that is to move fits elsewhere at the same time; default: each surge is proven by itself. */
  readonly roomProven?: boolean;
  readonly tuning?: Partial<
    Pick<DrainSpec, "quietMs" | "blockedAfterMs" | "lingerMs" | "detachMs" | "concurrency">
  >;
}

const TUNING = {
  quietMs: 5_000,
  blockedAfterMs: 5_000,
  lingerMs: 10_000,
  concurrency: { start: 10, ceiling: 50 },
};

const TIMEOUT_SECONDS = 600;
const DEADLINE_SECONDS = 3_000;
/** A fence older than this says nothing about replacements that are still starting. */
const FRESH_MS = 15 * 60_000;

const isNames = (nodes: DrainRequest["nodes"]): nodes is readonly string[] => Array.isArray(nodes);

export const selectorOf = ({ nodes }: DrainRequest): NodeSelector =>
  isNames(nodes) ? { names: nodes } : nodes;

export const deadlineMsOf = (request: DrainRequest): number =>
  (request.deadlineSeconds ?? DEADLINE_SECONDS) * 1000;

export const specOf = (request: DrainRequest, nodes: readonly NodeView[], deadlineMs: number): DrainSpec => {
  const selector = selectorOf(request);
  const blue = nodes.filter(node => isSelected(node, selector));
  return {
    nodes: selector,
    percent: request.percent ?? 100,
    cordon: request.cordon ?? (blue.length > 0 && blue.every(node => node.unschedulable)),
    timeoutMs: (request.timeoutSeconds ?? TIMEOUT_SECONDS) * 1000,
    deadlineMs,
    rules: { force: false, deleteEmptyDirData: true, ...request.rules },
    ...(request.sentries === "none" ? {} : { sentries: request.sentries ?? {} }),
    ...(request.ladder === undefined ? {} : { ladder: request.ladder }),
    ...TUNING,
    ...request.tuning,
  };
};

interface Mark {
  readonly node: NodeView;
  readonly prior: PriorState;
}

/** What the fence wrote on the nodes tells when this migration began: a former run may have been killed half-way. */
export const beginningOf = (request: DrainRequest, nodes: readonly NodeView[], now: number): Beginning => {
  const selector = selectorOf(request);
  const marks = nodes.flatMap(node => {
    const prior = parsePrior(node.annotations[ANNOTATION.prior]);
    return prior !== undefined && isSelected(node, selector) ? [{ node, prior }] : [];
  });
  const starts = marks.map(({ prior }) => Date.parse(prior.at)).filter(at => !Number.isNaN(at));
  return {
    since: Math.max(now - FRESH_MS, Math.min(now, ...starts)),
    cordonedSince: new Map(marks.flatMap(mark => cordonOf(mark, request.run))),
  };
};

/** Only by the clock of this run: another machine's may be wrong, and a later cordon by others is not on record. */
const cordonOf = ({ node, prior }: Mark, run: string): readonly [string, number][] => {
  const at = Date.parse(prior.cordonedAt ?? "");
  const ours = node.annotations[ANNOTATION.run] === run && node.unschedulable;
  return ours && !Number.isNaN(at) ? [[node.name, at]] : [];
};
