import { collectionPath, KINDS, projectPod, startReflector } from "../../kube";
import type { Arena, Round } from "./arena";

const ROUND_MS = 10 * 60_000;

/** Watches the nodes from outside of who empties them. Resolves with the time at which no pod was left to move. */
export const watchEmptiness = (
  { kube, bench }: Arena,
  round: Round,
): { readonly synced: Promise<void>; readonly emptyAt: Promise<number>; readonly stop: () => void } => {
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, bench.signal, AbortSignal.timeout(ROUND_MS)]);
  const pods = startReflector(kube, { path: collectionPath(KINDS.pods), project: projectPod, signal });
  const isLeft = ({ node, phase, owner }: ReturnType<typeof projectPod>): boolean =>
    node !== undefined &&
    round.nodes.includes(node) &&
    owner?.kind !== "DaemonSet" &&
    !["Succeeded", "Failed"].includes(phase);
  const emptyAt = new Promise<number>((resolve, reject) => {
    const look = (): void => {
      if (![...pods.snapshot().values()].some(isLeft)) resolve(performance.now());
    };
    void pods.synced.then(look, reject);
    pods.onChange(look);
    signal.addEventListener("abort", () => reject(new Error("the nodes were not empty in time")), {
      once: true,
    });
  });
  emptyAt.catch(() => undefined);
  return { synced: pods.synced, emptyAt, stop: () => stop.abort() };
};
