import { classifyFailure, type Answer } from "../core/drain/answers";
import type { KubeClient } from "./client";
import { KubeError } from "./kubeError";
import { evictionPath } from "./paths";

export interface EvictionTarget {
  readonly namespace: string;
  readonly name: string;
  /** The pod meant. One that was replaced under the same name is left alone and counts as gone. */
  readonly uid: string;
  /** Only as it was in this version. Not for pods under a PDB: a version that is too old costs it a slot all the same. */
  readonly resourceVersion?: string | undefined;
  /** Instead of the pod's own grace period; at least 1. */
  readonly graceSeconds?: number | undefined;
  /** Admission, budgets and permissions are asked, nothing is written. */
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

const bodyOf = ({ namespace, name, uid, resourceVersion, dryRun, graceSeconds }: EvictionTarget): object => ({
  apiVersion: "policy/v1",
  kind: "Eviction",
  metadata: { namespace, name },
  deleteOptions: {
    preconditions: { uid, resourceVersion },
    // Never 0: that takes a pod away before its node has ended it.
    ...(graceSeconds === undefined ? {} : { gracePeriodSeconds: Math.max(1, graceSeconds) }),
    ...(dryRun === true ? { dryRun: ["All"] } : {}),
  },
});

/** A page that is no Status object speaks for a proxy, not for the pod: it proves neither going nor staying. */
const speaksForPod = (error: KubeError): boolean => error.status !== 404 || error.reason !== undefined;

const answerOf = (error: KubeError): Answer => {
  const { message, causes, status, retryAfterSeconds, mayHaveApplied } = error;
  return classifyFailure({
    message,
    causes,
    mayHaveApplied,
    ...(status === undefined || !speaksForPod(error) ? {} : { status }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
};

/** Asks once for the eviction of one pod and says in one word what the server's answer means. Never sent twice. */
export const evictPod = async (kube: KubeClient, target: EvictionTarget): Promise<Answer> => {
  try {
    await kube.request({
      method: "POST",
      path: evictionPath(target),
      body: bodyOf(target),
      signal: target.signal,
      ...(target.timeoutMs === undefined ? {} : { timeoutMs: target.timeoutMs }),
    });
    return { kind: "accepted" };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    return answerOf(error);
  }
};
