import type { Answer } from "../../core/drain/answers";
import type { EvictAction } from "../../core/drain/events";
import type { PodFact } from "../../core/drain/facts";
import { evictPod, type KubeClient } from "../../kube";

/** The API server retries a contended budget for ten seconds before it gives up. */
const TIMEOUT_MS = 20_000;

export interface EvictionPorts {
  readonly kube: KubeClient;
  readonly pods: ReadonlyMap<string, PodFact>;
  readonly mayAct: () => boolean;
  /** Absent = each pod's own. */
  readonly graceSeconds?: number | undefined;
}

const isStillMeant = (pod: PodFact | undefined, action: EvictAction): boolean =>
  pod !== undefined && pod.deletingSince === undefined && pod.node === action.node;

/** Between decision and call the cache may have moved on: a stale name would spend its successor's slot. */
export const sendEviction = async (ports: EvictionPorts, action: EvictAction): Promise<Answer> => {
  if (!ports.mayAct())
    return { kind: "later", afterMs: 1_000, reason: "the lease is not sure", uncertain: false };
  if (!isStillMeant(ports.pods.get(action.uid), action)) return { kind: "stale" };
  const { namespace, name, uid } = action;
  const { graceSeconds } = ports;
  return evictPod(ports.kube, { namespace, name, uid, graceSeconds, timeoutMs: TIMEOUT_MS });
};
