import type { FailedCall } from "../../../../core/drain/answers";
import { type Cause, type LiveBudget, type LivePod, type Server, writeBudget } from "./objects";
import { deletePod } from "./kubelet";

export interface EvictionCall {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export type EvictionReply =
  | { readonly ok: true; readonly pod: LivePod; readonly fresh: boolean }
  | { readonly ok: false; readonly call: FailedCall; readonly burnt?: string };

const fail = (
  status: number,
  message: string,
  more: { readonly cause?: string; readonly retryAfterSeconds?: number } = {},
): EvictionReply => ({
  ok: false,
  call: {
    status,
    message,
    causes: more.cause === undefined ? [] : [{ reason: "DisruptionBudget", message: more.cause }],
    mayHaveApplied: status >= 500,
    ...(more.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: more.retryAfterSeconds }),
  },
});

const BEYOND_BUDGET = "Cannot evict pod as it would violate the pod's disruption budget.";

const spendsNothing = (pod: LivePod, { rule, fact }: LiveBudget): boolean =>
  !pod.ready && (rule.alwaysAllow === true || (fact.healthy >= fact.needed && fact.needed > 0));

/** checkAndDecrement: the slot is taken, and the name noted, before anything is known about the uid. */
const decrement = (
  server: Server,
  { budget, pod, cause: who }: { budget: LiveBudget; pod: LivePod; cause: Cause },
): EvictionReply | undefined => {
  const { fact, generation, observedGeneration, disrupted } = budget;
  if (observedGeneration < generation) {
    const cause = `The disruption budget ${fact.name} is still being processed by the server.`;
    return fail(429, BEYOND_BUDGET, { cause, retryAfterSeconds: 10 });
  }
  if (fact.allowed === 0) {
    const cause = `The disruption budget ${fact.name} needs ${fact.needed} healthy pods and has ${fact.healthy} currently`;
    return fail(429, BEYOND_BUDGET, { cause });
  }
  writeBudget(
    server,
    {
      ...budget,
      disrupted: new Map([...disrupted, [pod.name, server.clock.now()]]),
      fact: { ...fact, allowed: fact.allowed - 1 },
    },
    who,
  );
  return undefined;
};

const ignoresBudgets = (pod: LivePod): boolean =>
  pod.deletingSince !== undefined ||
  pod.phase === "Pending" ||
  pod.phase === "Succeeded" ||
  pod.phase === "Failed";

interface Asked {
  readonly refusal?: EvictionReply | undefined;
  /** The budget that gave a slot. */
  readonly spent?: string;
}

const askBudgets = (server: Server, pod: LivePod, cause: Cause): Asked => {
  if (ignoresBudgets(pod)) return {};
  const budgets = [...server.budgets.values()].filter(({ rule }) =>
    rule.selects.includes(pod.labels["app"] ?? ""),
  );
  const [only] = budgets;
  if (only === undefined) return {};
  if (budgets.length > 1)
    return {
      refusal: fail(
        500,
        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
      ),
    };
  if (spendsNothing(pod, only)) return {};
  const refusal = decrement(server, { budget: only, pod, cause });
  return refusal === undefined ? { spent: only.rule.name } : { refusal };
};

/** In the server's own order: the budget is asked first, the uid is compared last. */
export const evict = (server: Server, call: EvictionCall, cause: Cause): EvictionReply => {
  const pod = [...server.pods.values()].find(
    one => one.name === call.name && one.namespace === call.namespace,
  );
  if (pod === undefined) return fail(404, `pods "${call.name}" not found`);
  const { refusal, spent } = askBudgets(server, pod, cause);
  if (refusal !== undefined) return refusal;
  if (pod.uid !== call.uid) {
    const text = `Operation cannot be fulfilled on Pod "${call.name}": the UID in the precondition (${call.uid}) does not match the UID in record (${pod.uid}). The object might have been deleted and then recreated`;
    const reply = fail(409, text);
    return spent === undefined || reply.ok ? reply : { ...reply, burnt: spent };
  }
  const fresh = pod.deletingSince === undefined;
  if (fresh) deletePod(server, pod.uid, cause);
  return { ok: true, pod, fresh };
};
