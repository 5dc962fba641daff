import { collectionPath, KINDS, type KubeClient, listProjected } from "../../kube";
import { readPodFact } from "../drain/facts";
import { hasToMove } from "../drain/hasToMove";

/** Whether something on these nodes would have to move before they go. */
export const carryWorkloads = async (
  kube: KubeClient,
  nodes: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<boolean> => {
  const { items } = await listProjected(kube, {
    path: collectionPath(KINDS.pods),
    project: readPodFact,
    signal,
  });
  return items.some(pod => nodes.has(pod.node ?? "") && hasToMove(pod));
};
