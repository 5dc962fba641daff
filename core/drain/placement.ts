import { isKnownTerm, matchesTerms, nodeTerms } from "./room/nodeTerms";
import type { HostPort, PlacedPod, PlaceNode } from "./room/places";
import { hasUnknownTerms } from "./room/podTerms";
import { isHardSpread, isKnownSpread, spreadKeys } from "./room/spreadTerms";
import { repellingTaints } from "./tolerations";

export type { Amounts, HostPort, NodeTerm, PlacedPod, PlacedVolume, PlaceNode } from "./room/places";

const unresolved = ({ claims, volumes }: PlacedPod): boolean =>
  claims.some(claim => !(volumes ?? []).some(volume => volume.claim === claim));

const CONSTRUCTS: readonly (readonly [string, (pod: PlacedPod) => boolean])[] = [
  ["another scheduler", pod => pod.schedulerName !== "default-scheduler"],
  ["device claims", pod => pod.devices],
  ["volume claims", unresolved],
  [
    "topology spread of an unknown form",
    pod => pod.topologySpread.filter(isHardSpread).some(spread => !isKnownSpread(spread)),
  ],
  ["pod affinity of an unknown form", hasUnknownTerms],
  ["node affinity of an unknown form", pod => !(nodeTerms(pod.affinity) ?? []).every(isKnownTerm)],
];

/** What a pod asks for that this proof does not understand: with any of it, no "it fits" is claimed. */
export const unknownConstructs = (pod: PlacedPod): readonly string[] =>
  CONSTRUCTS.filter(([, has]) => has(pod)).map(([name]) => name);

export type NodeWishes = Pick<PlacedPod, "nodeSelector" | "affinity">;

/** As the scheduler reads `nodeSelector` and the required node affinity together. */
export const matchesNode = (pod: NodeWishes, node: Pick<PlaceNode, "name" | "labels">): boolean =>
  Object.entries(pod.nodeSelector).every(([key, value]) => node.labels[key] === value) &&
  matchesTerms(nodeTerms(pod.affinity), node);

const isInReach = (pod: PlacedPod, node: PlaceNode): boolean =>
  (pod.volumes ?? []).every(({ terms }) => matchesTerms(terms, node));

/** Why a node can never take the pod, whoever else is on it; undefined when it might. */
export const nodeObjection = (pod: PlacedPod, node: PlaceNode): string | undefined => {
  const [taint] = repellingTaints(pod.tolerations, node.taints);
  if (taint !== undefined) return `taint ${taint.key}`;
  if (!matchesNode(pod, node)) return "selector or affinity";
  if (!isInReach(pod, node)) return "volume out of reach";
  const missing = spreadKeys(pod).find(key => node.labels[key] === undefined);
  return missing === undefined ? undefined : `no label ${missing}`;
};

export const clashingPort = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port &&
  a.protocol === b.protocol &&
  (a.ip === b.ip || a.ip === "0.0.0.0" || b.ip === "0.0.0.0");
