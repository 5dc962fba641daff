import type { FailedCall } from "../../../../core/drain/answers";
import { appOf, type Cause, type LiveBudget, type LivePod, type Server, writeBudget } from "./objects";
import { deletePod } from "./kubelet";

/** `EvictionsRetry` of the API server. */
const CONFLICT_STEPS = 20;
const CONFLICT_MS = 500;
const CONFLICT_JITTER = 0.1;

export interface EvictionCall {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  /** Only as it was in this version. */
  readonly resourceVersion?: string | undefined;
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

const SEVERAL_BUDGETS =
  "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";

const stillProcessed = (budget: string): EvictionReply => {
  const cause = `The disruption budget ${budget} is still being processed by the server.`;
  return fail(429, BEYOND_BUDGET, { cause, retryAfterSeconds: 10 });
};

const spendsNothing = (pod: LivePod, { rule, fact }: LiveBudget): boolean =>
  !pod.ready && (rule.alwaysAllow === true || (fact.healthy >= fact.needed && fact.needed > 0));

/** Why this budget gives no slot, by what was read of it. */
const refusalOf = ({ fact, generation, observedGeneration }: LiveBudget): EvictionReply | undefined => {
  if (observedGeneration < generation) return stillProcessed(fact.name);
  if (fact.allowed > 0) return undefined;
  const cause = `The disruption budget ${fact.name} needs ${fact.needed} healthy pods and has ${fact.healthy} currently`;
  return fail(429, BEYOND_BUDGET, { cause });
};

const ignoresBudgets = (pod: LivePod): boolean =>
  pod.deletingSince !== undefined ||
  pod.phase === "Pending" ||
  pod.phase === "Succeeded" ||
  pod.phase === "Failed";

/** A pod that may still become Ready must not do so unseen. */
const isPinned = (pod: LivePod): boolean => pod.deletingSince === undefined && pod.phase === "Pending";

/** A reply, or what comes next, after a while. */
type Step = EvictionReply | { readonly afterMs: number; readonly then: () => Step };

interface Handling {
  readonly server: Server;
  readonly call: EvictionCall;
  readonly cause: Cause;
  /** From reading an object to writing it. */
  readonly windowMs: number;
}

const podNamed = (server: Server, call: EvictionCall): LivePod | undefined =>
  [...server.pods.values()].find(one => one.name === call.name && one.namespace === call.namespace);

const mismatch = (name: string, what: string, [given, found]: readonly [string, string]): string =>
  `Operation cannot be fulfilled on Pod "${name}": the ${what} in the precondition (${given}) does not match the ${what} in record (${found}). The object might have been modified`;

const conflictOf = ({ uid, resourceVersion }: EvictionCall, pod: LivePod): string | undefined => {
  if (pod.uid !== uid) return mismatch(pod.name, "UID", [uid, pod.uid]);
  if (resourceVersion === undefined || resourceVersion === pod.resourceVersion) return undefined;
  return mismatch(pod.name, "ResourceVersion", [resourceVersion, pod.resourceVersion]);
};

/** The caller's conditions are looked at last. `spent`: the budget that gave a slot already. */
const remove = ({ server, call, cause }: Handling, spent?: string): EvictionReply => {
  const pod = podNamed(server, call);
  if (pod === undefined) return fail(404, `pods "${call.name}" not found`);
  const conflict = conflictOf(call, pod);
  if (conflict !== undefined) {
    const reply = fail(409, conflict);
    return spent === undefined || reply.ok ? reply : { ...reply, burnt: spent };
  }
  const fresh = pod.deletingSince === undefined;
  if (fresh) deletePod(server, pod.uid, cause);
  return { ok: true, pod, fresh };
};

const hasChanged = ({ server, call }: Handling, pod: LivePod): boolean =>
  podNamed(server, call)?.resourceVersion !== pod.resourceVersion;

const afterConflict = ({ server }: Handling, then: () => Step): Step => ({
  afterMs: CONFLICT_MS * (1 + CONFLICT_JITTER * server.random()),
  then,
});

/** Verify and decrement, once more for each other writer that was faster. */
const decrement = (handling: Handling, name: string, steps = CONFLICT_STEPS): Step => {
  const { server, call, cause, windowMs } = handling;
  const read = server.budgets.get(name);
  if (read === undefined) return fail(404, `poddisruptionbudgets.policy "${name}" not found`);
  const refusal = refusalOf(read);
  if (refusal !== undefined) return refusal;
  const { fact, disrupted } = read;
  const write = (): Step => {
    const noted = new Map([...disrupted, [call.name, server.clock.now()]]);
    writeBudget(server, { ...read, disrupted: noted, fact: { ...fact, allowed: fact.allowed - 1 } }, cause);
    return remove(handling, name);
  };
  const then = (): Step => {
    if (server.budgets.get(name)?.fact.resourceVersion === fact.resourceVersion) return write();
    if (steps > 1) return afterConflict(handling, () => decrement(handling, name, steps - 1));
    return fail(504, `couldn't update PodDisruptionBudget "${name}" due to conflicts`, {
      retryAfterSeconds: 10,
    });
  };
  return { afterMs: windowMs, then };
};

/** The pod's budget lets it go for nothing, if it is still what it was read as. */
const removeUnready = (handling: Handling, pod: LivePod, budget: string): Step => ({
  afterMs: handling.windowMs,
  then: () =>
    handling.call.resourceVersion === undefined && hasChanged(handling, pod)
      ? stillProcessed(budget)
      : remove(handling),
});

const askBudgets = (handling: Handling, pod: LivePod): Step => {
  const { server, windowMs } = handling;
  const budgets = [...server.budgets.values()].filter(({ rule }) => rule.selects.includes(appOf(pod)));
  const [only] = budgets;
  if (budgets.length > 1) return fail(500, SEVERAL_BUDGETS);
  if (only === undefined) return { afterMs: windowMs, then: () => remove(handling) };
  return spendsNothing(pod, only)
    ? removeUnready(handling, pod, only.rule.name)
    : decrement(handling, only.rule.name);
};

/** No budget is asked; a pod that is about to start is looked at again when it changed meanwhile. */
const removeIdle = (handling: Handling, pod: LivePod): Step => ({
  afterMs: handling.windowMs,
  then: () => {
    const pinned = isPinned(pod) && handling.call.resourceVersion === undefined;
    return pinned && hasChanged(handling, pod)
      ? afterConflict(handling, () => handle(handling))
      : remove(handling);
  },
});

const handle = (handling: Handling): Step => {
  const pod = podNamed(handling.server, handling.call);
  if (pod === undefined) return fail(404, `pods "${handling.call.name}" not found`);
  return ignoresBudgets(pod) ? removeIdle(handling, pod) : askBudgets(handling, pod);
};

const play = (server: Server, step: Step, done: (reply: EvictionReply) => void): void => {
  if ("ok" in step) done(step);
  else server.clock.after(step.afterMs, () => play(server, step.then(), done));
};

/** In the server's own order and time: the budget is asked first, the uid and the version are compared last. */
export const evict = (
  server: Server,
  { cause, ...call }: EvictionCall & { readonly cause: Cause },
  done: (reply: EvictionReply) => void,
): void => play(server, handle({ server, call, cause, windowMs: server.story.pace.callMs / 4 }), done);
