import type { Answer } from "../../core/drain/answers";
import type { EvictAction } from "../../core/drain/events";
import type { PodFact } from "../../core/drain/facts";
import { evictPod, type KubeClient } from "../../kube";
import type { Cached } from "./facts";

/** The API server retries a contended budget for ten seconds before it gives up. */
const TIMEOUT_MS = 20_000;

export interface EvictionPorts {
  readonly kube: KubeClient;
  readonly pods: ReadonlyMap<string, Cached<PodFact>>;
  readonly mayAct: () => boolean;
  /** Absent = each pod's own. */
  readonly graceSeconds?: number | undefined;
}

const isStillMeant = (pod: PodFact, { node, asUnready }: EvictAction): boolean =>
  pod.deletingSince === undefined && pod.node === node && (asUnready !== true || !pod.ready);

/**
 * Between decision and call the cache may have moved on: a stale name would spend its successor's slot, and a pod that
 * got Ready needs one. Between call and deed the server looks for itself.
 */
export const sendEviction = async (ports: EvictionPorts, action: EvictAction): Promise<Answer> => {
  if (!ports.mayAct())
    return { kind: "later", afterMs: 1_000, reason: "the lease is not sure", uncertain: false };
  const pod = ports.pods.get(action.uid);
  if (pod === undefined || !isStillMeant(pod, action)) return { kind: "stale" };
  const { namespace, name, uid } = action;
  const resourceVersion = action.asUnready === true ? pod.resourceVersion : undefined;
  const { graceSeconds } = ports;
  return evictPod(ports.kube, {
    ...{ namespace, name, uid, resourceVersion, graceSeconds },
    timeoutMs: TIMEOUT_MS,
  });
};
