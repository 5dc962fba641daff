import type { AttachmentFact, NodeFact } from "./facts";
import { isSelected } from "./scope";
import type { Draft } from "./sketch";
import type { DrainState } from "./state";
import { membersOf, sizeOf, type VersionedMap } from "./versioned";

const UNREACHABLE = "node.kubernetes.io/unreachable";

export const isUnreachable = ({ taints }: NodeFact): boolean => taints.some(({ key }) => key === UNREACHABLE);

/** A node that others may fill again is not done with. */
export const isOpen = ({ spec }: Pick<DrainState, "spec">, node: NodeFact): boolean =>
  !node.fenced || (spec.cordon && !node.cordoned);

const kept = <V>(
  table: VersionedMap<string, V>,
  key: string,
  value: V | undefined,
): VersionedMap<string, V> => (value === undefined ? table.without(key) : table.with(key, value));

const nodeNamed = ({ state: { world } }: Draft, name: string): NodeFact | undefined =>
  world.nodes.get(world.nodeNames.get(name) ?? "");

const selectedNamed = (draft: Draft, name: string): NodeFact | undefined => {
  const node = nodeNamed(draft, name);
  return node !== undefined && isSelected(node, draft.state.spec.nodes) ? node : undefined;
};

const isChosen = ({ chosen }: DrainState, name: string): boolean => chosen === undefined || chosen.has(name);

const rereadNamed = (draft: Draft, name: string): void => {
  const { state } = draft;
  const node = selectedNamed(draft, name);
  const wasBlue = draft.blue.has(name);
  draft.blue = kept(draft.blue, name, isChosen(state, name) ? node : undefined);
  draft.open = kept(draft.open, name, node !== undefined && isOpen(state, node) ? node : undefined);
  draft.touched.nodes.add(name);
  if (draft.blue.has(name) === wasBlue) return;
  for (const pod of membersOf(state.world.podsByNode, name)) draft.touched.pods.add(pod);
};

/** A node came, went, or changed its labels or fence: what it holds is judged by that. */
export const rereadNode = (draft: Draft, uid: string, before: NodeFact | undefined): void => {
  const name = before?.name ?? draft.state.world.nodes.get(uid)?.name;
  if (name !== undefined) rereadNamed(draft, name);
};

/** Volumes of pods that stay with the node are let go of when the node goes. */
const claimsThatStay = (draft: Draft, node: string): ReadonlySet<string> => {
  const claims = new Set<string>();
  for (const uid of membersOf(draft.state.world.podsByNode, node)) {
    const place = draft.places.get(uid);
    if (place?.kind !== "ignored" || place.pod.phase === "Succeeded" || place.pod.phase === "Failed")
      continue;
    for (const claim of place.pod.claims ?? []) claims.add(`${place.pod.namespace}/${claim}`);
  }
  return claims;
};

const hangingOn = (draft: Draft, name: string): readonly AttachmentFact[] => {
  const { world } = draft.state;
  const node = draft.blue.get(name);
  if (node === undefined || isUnreachable(node) || sizeOf(world.attachmentsByNode, name) === 0) return [];
  const staying = claimsThatStay(draft, name);
  return [...membersOf(world.attachmentsByNode, name)].flatMap(uid => {
    const fact = world.attachments.get(uid);
    return fact === undefined || staying.has(fact.claim ?? "") ? [] : [fact];
  });
};

export const rereadAttachments = (draft: Draft, nodes: Iterable<string>): void => {
  for (const name of nodes) {
    const hanging = hangingOn(draft, name);
    draft.attached = kept(draft.attached, name, hanging.length === 0 ? undefined : hanging);
  }
};
