import { LADDER_ANNOTATION } from "../../../core/drain/ladder/names";
import { type KubeClient, listNodes, type NodeView, patchNode } from "../../../kube";

/** Milliseconds by budget. */
type Forced = Readonly<Record<string, number>>;

const readForced = ({ annotations }: NodeView): Forced => {
  try {
    const value = JSON.parse(annotations[LADDER_ANNOTATION.forced] ?? "{}") as unknown;
    const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(
      entries.filter((entry): entry is [string, number] => Number.isFinite(entry[1])),
    );
  } catch {
    return {};
  }
};

/** When a pod of this budget was last forced from any node, by any run; undefined = no record of it. */
export const lastForced = async (kube: KubeClient, budget: string): Promise<number | undefined> => {
  const times = (await listNodes(kube)).flatMap(node => readForced(node)[budget] ?? []);
  return times.length === 0 ? undefined : Math.max(...times);
};

/** Records older than this bind nobody. */
const KEEP_MS = 24 * 3_600_000;

/** Written before the pod is deleted, so that a run after a kill honours the interval. */
export const recordForced = async (
  kube: KubeClient,
  node: string,
  { budget, now }: { readonly budget: string; readonly now: number },
): Promise<void> => {
  await patchNode(kube, node, view => {
    const kept = Object.entries(readForced(view)).filter(([, at]) => now - at < KEEP_MS);
    const forced = { ...Object.fromEntries(kept), [budget]: now };
    return { annotations: { [LADDER_ANNOTATION.forced]: JSON.stringify(forced) } };
  });
};
