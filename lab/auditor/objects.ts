/** The few fields that the judgement needs, taken from what the API sends. Everything else is dropped at the door. */
import type { Cause } from "./format";
import type { LabelSelector } from "./selector";

export const RESOURCES = {
  deployments: "/apis/apps/v1/deployments",
  replicasets: "/apis/apps/v1/replicasets",
  statefulsets: "/apis/apps/v1/statefulsets",
  poddisruptionbudgets: "/apis/policy/v1/poddisruptionbudgets",
  nodes: "/api/v1/nodes",
  pods: "/api/v1/pods",
} as const;
export type Resource = keyof typeof RESOURCES;

interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
  readonly ownerReferences?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly controller?: boolean;
  }[];
}
interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
}
export interface RawObject {
  readonly metadata: Meta;
  readonly spec?: {
    readonly replicas?: number;
    readonly nodeName?: string;
    readonly unschedulable?: boolean;
    readonly taints?: readonly { readonly key: string; readonly effect: string }[];
    readonly selector?: LabelSelector;
    readonly minAvailable?: number | string;
    readonly maxUnavailable?: number | string;
    readonly template?: { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly Condition[];
    readonly nodeInfo?: { readonly kubeletVersion?: string };
  };
}

const pick = <T extends object, K extends keyof T>(from: T, fields: readonly K[]): Pick<T, K> =>
  Object.fromEntries(fields.filter(field => field in from).map(field => [field, from[field]])) as Pick<T, K>;

/** What is kept of an object: an audit of tens of thousands of pods must not hold their whole specs. */
export const slim = ({ metadata, spec, status }: RawObject): RawObject => ({
  metadata: pick(metadata, [
    "name",
    "namespace",
    "uid",
    "resourceVersion",
    "labels",
    "deletionTimestamp",
    "ownerReferences",
  ]),
  ...(spec && {
    spec: pick(spec, [
      "replicas",
      "nodeName",
      "unschedulable",
      "taints",
      "selector",
      "minAvailable",
      "maxUnavailable",
      "template",
    ]),
  }),
  ...(status && { status: pick(status, ["phase", "conditions", "nodeInfo"]) }),
});

export interface Owner {
  readonly kind: string;
  readonly name: string;
}
export interface Pod {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly owner?: Owner;
  readonly node?: string;
  readonly ready: boolean;
  readonly leaving: boolean;
  readonly finished: boolean;
  readonly cause?: Cause;
}
export interface Node {
  readonly name: string;
  readonly kubelet: string;
  readonly generation?: string;
  readonly ready: boolean;
  readonly leaving: boolean;
}
export interface Workload {
  readonly kind: "Deployment" | "ReplicaSet" | "StatefulSet";
  readonly namespace: string;
  readonly name: string;
  readonly owner?: Owner;
  readonly replicas: number;
  readonly labels: Readonly<Record<string, string>>;
}
export interface Budget {
  readonly namespace: string;
  readonly name: string;
  readonly selector?: LabelSelector;
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
}

const CAUSES: Readonly<Record<string, Cause>> = {
  EvictionByEvictionAPI: "evicted",
  PreemptionByScheduler: "preempted",
  DeletionByTaintManager: "taintManager",
  DeletionByPodGC: "lostWithNode",
  TerminationByKubelet: "kubelet",
};

const condition = (raw: RawObject, type: string): Condition | undefined =>
  raw.status?.conditions?.find(one => one.type === type && one.status === "True");

const ownerOf = (raw: RawObject): { owner?: Owner } => {
  const owner = raw.metadata.ownerReferences?.find(one => one.controller === true);
  return owner === undefined ? {} : { owner: { kind: owner.kind, name: owner.name } };
};

const causeOf = (raw: RawObject): { cause?: Cause } => {
  const reason = condition(raw, "DisruptionTarget")?.reason;
  const cause = reason === undefined ? undefined : CAUSES[reason];
  return cause === undefined ? {} : { cause };
};

const FINISHED: readonly string[] = ["Succeeded", "Failed"];

const nameOf = ({ metadata }: RawObject): { namespace: string; name: string } => ({
  namespace: metadata.namespace ?? "",
  name: metadata.name,
});

/** Ready as the disruption controller counts it: the Ready condition, and not on its way out. */
export const toPod = (raw: RawObject): Pod => {
  const leaving = raw.metadata.deletionTimestamp !== undefined;
  const node = raw.spec?.nodeName;
  return {
    uid: raw.metadata.uid,
    ...nameOf(raw),
    labels: raw.metadata.labels ?? {},
    ready: !leaving && condition(raw, "Ready") !== undefined,
    leaving,
    finished: FINISHED.includes(raw.status?.phase ?? ""),
    ...ownerOf(raw),
    ...causeOf(raw),
    ...(node === undefined ? {} : { node }),
  };
};

/** The names that mark a node as being left, and its generation: known here by their published spelling, not by import. */
const LEAVING_TAINT = "changeover.dev/leaving";
const GENERATION_LABEL = "changeover.dev/generation";

const isLeaving = ({ spec }: RawObject): boolean =>
  spec?.unschedulable === true || (spec?.taints ?? []).some(taint => taint.key === LEAVING_TAINT);

export const toNode = (raw: RawObject): Node => {
  const generation = raw.metadata.labels?.[GENERATION_LABEL];
  return {
    name: raw.metadata.name,
    kubelet: raw.status?.nodeInfo?.kubeletVersion ?? "",
    ready: condition(raw, "Ready") !== undefined,
    leaving: isLeaving(raw),
    ...(generation === undefined ? {} : { generation }),
  };
};

export const toWorkload = (kind: Workload["kind"], raw: RawObject): Workload => ({
  kind,
  ...nameOf(raw),
  replicas: raw.spec?.replicas ?? 1,
  labels: raw.spec?.template?.metadata?.labels ?? {},
  ...ownerOf(raw),
});

export const toBudget = (raw: RawObject): Budget => ({
  ...nameOf(raw),
  ...(raw.spec?.selector === undefined ? {} : { selector: raw.spec.selector }),
  ...(raw.spec?.minAvailable === undefined ? {} : { minAvailable: raw.spec.minAvailable }),
  ...(raw.spec?.maxUnavailable === undefined ? {} : { maxUnavailable: raw.spec.maxUnavailable }),
});
