import type { Clock, EvictionQueue, QueuedPod } from "./karpenterQueue";

export interface NodePod extends QueuedPod {
  readonly going: boolean;
  readonly daemon: boolean;
  readonly priorityClass: string | undefined;
}

const REQUEUE_MS = 1_000;
const CRITICAL = new Set(["system-cluster-critical", "system-node-critical"]);

/** 0 to 3: others, daemons, critical ones, critical daemons. */
export const tierOf = ({ daemon, priorityClass = "" }: NodePod): number =>
  (CRITICAL.has(priorityClass) ? 2 : 0) + (daemon ? 1 : 0);

/** Those of the lowest tier that is still there; one that is on its way out still holds back the next tier. */
export const nextPods = (pods: readonly NodePod[]): readonly NodePod[] => {
  const tier = Math.min(...pods.map(tierOf));
  return pods.filter(pod => tierOf(pod) === tier && !pod.going);
};

export interface NodePorts {
  readonly clock: Clock;
  readonly queue: EvictionQueue;
  /** Pods that have not ended, as a cache shows them. */
  readonly podsOn: (node: string) => readonly NodePod[];
}

const drainNode = (ports: NodePorts, node: string): Promise<void> =>
  new Promise(resolve => {
    const look = (): void => {
      const pods = ports.podsOn(node);
      if (pods.length === 0) {
        resolve();
        return;
      }
      ports.queue.add(nextPods(pods));
      ports.clock.after(REQUEUE_MS, look);
    };
    look();
  });

/** Each node for itself, all at once. Resolves when every one is empty. */
export const drainAll = async (ports: NodePorts, nodes: readonly string[]): Promise<void> => {
  await Promise.all(nodes.map(node => drainNode(ports, node)));
};
