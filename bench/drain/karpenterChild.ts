/** Drains nodes as Karpenter does; see karpenterQueue.ts for what that means. */
import {
  collectionPath,
  evictionPath,
  isKubeError,
  KINDS,
  type KubeClient,
  nodePath,
  openKube,
  type PodView,
  projectPod,
  startReflector,
} from "../../kube";
import { awaitGo, orderOf, report, runChild } from "./childProtocol";
import { drainAll, type NodePod } from "./karpenterNodes";
import { type Clock, openQueue, type QueuedPod } from "./karpenterQueue";

const clock: Clock = { now: () => performance.now(), after: (ms, act) => void setTimeout(act, ms) };
const ENDED: ReadonlySet<string> = new Set(["Succeeded", "Failed"]);
const GONE: ReadonlySet<number> = new Set([404, 409]);

const evictWith =
  (kube: KubeClient) =>
  async ({ namespace, name, uid }: QueuedPod): Promise<"done" | "again"> => {
    const body = {
      apiVersion: "policy/v1",
      kind: "Eviction",
      metadata: { namespace, name },
      deleteOptions: { preconditions: { uid } },
    };
    try {
      await kube.request({ method: "POST", path: evictionPath({ namespace, name }), body });
      return "done";
    } catch (error) {
      if (!isKubeError(error)) throw error;
      if (GONE.has(error.status ?? 0)) return "done";
      report(`failed to evict pod ${name}: ${error.message}`);
      return "again";
    }
  };

/** Its taint, as a cordon: no pod here tolerates either. */
const cordon = async (kube: KubeClient, nodes: readonly string[]): Promise<void> => {
  const body = { spec: { unschedulable: true } };
  await Promise.all(
    nodes.map(node => kube.request({ method: "PATCH", path: nodePath(node), body, repeatable: true })),
  );
};

const nodePod = ({
  namespace,
  name,
  uid,
  deletionTimestamp,
  owner,
  priorityClassName,
}: PodView): NodePod => ({
  namespace,
  name,
  uid,
  going: deletionTimestamp !== undefined,
  daemon: owner?.kind === "DaemonSet",
  priorityClass: priorityClassName,
});

const drain = async (): Promise<number> => {
  const { kubeconfig, nodes } = orderOf(process.argv);
  const kube = await openKube({ kubeconfig });
  await awaitGo();
  const stop = new AbortController();
  const pods = startReflector(kube, {
    path: collectionPath(KINDS.pods),
    project: projectPod,
    indexes: { node: ({ node }) => (node === undefined ? [] : [node]) },
    signal: stop.signal,
  });
  await Promise.all([pods.synced, cordon(kube, nodes)]);
  const queue = openQueue({ clock, evict: evictWith(kube) });
  const podsOn = (node: string): readonly NodePod[] =>
    pods
      .by("node", node)
      .filter(({ phase, mirror }) => !ENDED.has(phase) && !mirror)
      .map(nodePod);
  await drainAll({ clock, queue, podsOn }, nodes);
  stop.abort();
  report("drained");
  return 0;
};

runChild(drain);
