import { begin, observe, openCase } from "../../../../lab/auditor/judge";
import type { AuditLine } from "../../../../lab/auditor/format";
import type { RawObject, Resource } from "../../../../lab/auditor/objects";
import type { Seen } from "../../../../lab/auditor/world";

type Metadata = Partial<RawObject["metadata"]>;
interface PodState {
  readonly uid?: string;
  readonly node?: string;
  readonly ready?: boolean;
  readonly leaving?: boolean;
  readonly phase?: string;
  readonly reason?: string;
  readonly owner?: { readonly kind: string; readonly name: string };
  readonly labels?: Readonly<Record<string, string>>;
}

const condition = (type: string, reason?: string) => ({ type, status: "True", ...(reason && { reason }) });

const metadataOf = (name: string, state: PodState): RawObject["metadata"] => ({
  name,
  namespace: "shop",
  uid: state.uid ?? name,
  resourceVersion: "0",
  labels: state.labels ?? { app: "web" },
  ownerReferences: [{ kind: "ReplicaSet", name: "web-1", controller: true, ...state.owner }],
  ...(state.leaving === true && { deletionTimestamp: "2026-01-01T00:00:00Z" }),
});

const conditionsOf = ({ ready, reason }: PodState) => [
  ...(ready === false ? [] : [condition("Ready")]),
  ...(reason === undefined ? [] : [condition("DisruptionTarget", reason)]),
];

/** A pod of Deployment `web` (through ReplicaSet `web-1`) on node `blue-1`, ready, unless told otherwise. */
export const pod = (name: string, state: PodState = {}): RawObject => ({
  metadata: metadataOf(name, state),
  spec: { nodeName: state.node ?? "blue-1" },
  status: { phase: state.phase ?? "Running", conditions: conditionsOf(state) },
});

const named = (name: string, extra: Metadata = {}): RawObject["metadata"] => ({
  name,
  namespace: "shop",
  uid: name,
  resourceVersion: "0",
  ...extra,
});

export const deployment = (name: string, replicas: number): RawObject => ({
  metadata: named(name),
  spec: { replicas, template: { metadata: { labels: { app: name } } } },
});

export const replicaSet = (name: string, of: string): RawObject => ({
  metadata: named(name, { ownerReferences: [{ kind: "Deployment", name: of, controller: true }] }),
  spec: { replicas: 0, template: { metadata: { labels: { app: of } } } },
});

export const budget = (
  app: string,
  limits: { minAvailable?: number | string; maxUnavailable?: number | string },
): RawObject => ({
  metadata: named(app),
  spec: { selector: { matchLabels: { app } }, ...limits },
});

export const node = (name: string, leaving = false): RawObject => ({
  metadata: named(name, { labels: { "changeover.dev/generation": name.split("-")[0] ?? "" } }),
  spec: leaving ? { taints: [{ key: "changeover.dev/leaving", effect: "PreferNoSchedule" }] } : {},
  status: { conditions: [condition("Ready")], nodeInfo: { kubeletVersion: "v1.35.8" } },
});

/** A cluster that an audit watches; each word is one second after the last. */
export const watched = (initial: readonly (readonly [Resource, RawObject])[]) => {
  const open = openCase();
  const lines: AuditLine[] = [];
  let at = 0;
  const say = (resource: Resource, raw: RawObject, change: Seen["change"] = "set"): void => {
    at += 1000;
    lines.push(...observe(open, { at, resource, raw, change, initial: !open.begun }));
  };
  initial.forEach(([resource, raw]) => say(resource, raw));
  lines.push(...begin(open, at));
  const evict = (name: string, state: PodState = {}): void => {
    const reason = "EvictionByEvictionAPI";
    say("pods", pod(name, { ...state, reason }));
    say("pods", pod(name, { ...state, reason, leaving: true }));
    say("pods", pod(name, { ...state, reason, leaving: true }), "gone");
  };
  return { open, lines, say, evict };
};

/** Deployment web with its ready pods web-1 … web-n on a fenced blue node. */
export const webOf = (replicas: number, limits?: Parameters<typeof budget>[1]) =>
  watched([
    ["deployments", deployment("web", replicas)],
    ["replicasets", replicaSet("web-1", "web")],
    ...(limits === undefined ? [] : ([["poddisruptionbudgets", budget("web", limits)]] as const)),
    ["nodes", node("blue-1", true)],
    ["nodes", node("green-1")],
    ...Array.from({ length: replicas }, (_, index) => ["pods", pod(`web-${index + 1}`)] as const),
  ]);
