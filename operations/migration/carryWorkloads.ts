import { judgePod } from "../../core/drain/filters";
import { isResident } from "../../core/drain/verdicts";
import { collectionPath, KINDS, type KubeClient, listProjected } from "../../kube";
import { readPodFact } from "../drain/facts";

const JUDGING = { now: 0, cordon: false, rules: { force: true, deleteEmptyDirData: true } };

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
  return items.some(pod => nodes.has(pod.node ?? "") && isResident(judgePod(pod, JUDGING)));
};
