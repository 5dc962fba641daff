/** What the API server's reply to an eviction means for the pod. */
export type Answer =
  | { readonly kind: "accepted" }
  | { readonly kind: "gone" }
  | { readonly kind: "budgetFull"; readonly message: string }
  | { readonly kind: "budgetBehind"; readonly afterMs: number }
  | { readonly kind: "throttled"; readonly afterMs: number }
  | { readonly kind: "manyBudgets" }
  | { readonly kind: "refused"; readonly message: string }
  | {
      readonly kind: "later";
      readonly afterMs: number;
      readonly reason: string;
      readonly uncertain: boolean;
      /** The server is short of breath: fewer calls at once. */
      readonly slowDown?: boolean;
      /** It gave up on a budget that others were changing. */
      readonly contended?: boolean;
    }
  /** The pod, or its budget, is no longer what the call was decided by; nothing was done. */
  | { readonly kind: "changed" }
  /** The cache showed at the last moment that the pod is another one or elsewhere; nothing was sent. */
  | { readonly kind: "stale" };

/** A failed eviction call, without any client's types. `status` is absent when no answer came. */
export interface FailedCall {
  readonly status?: number;
  readonly message: string;
  readonly causes: readonly { readonly reason: string; readonly message: string }[];
  readonly retryAfterSeconds?: number;
  readonly mayHaveApplied: boolean;
}

const BUDGET_CAUSE = "DisruptionBudget";
const MANY_BUDGETS = "more than one PodDisruptionBudget";
const CONTENDED = "couldn't update PodDisruptionBudget";

const later = (call: FailedCall, afterMs: number): Extract<Answer, { kind: "later" }> => ({
  kind: "later",
  afterMs: call.retryAfterSeconds === undefined ? afterMs : Math.max(afterMs, call.retryAfterSeconds * 1000),
  reason: call.message,
  uncertain: call.mayHaveApplied,
});

const tooMany = (call: FailedCall): Answer => {
  const cause = call.causes.find(({ reason }) => reason === BUDGET_CAUSE);
  if (cause === undefined) return { kind: "throttled", afterMs: (call.retryAfterSeconds ?? 1) * 1000 };
  // The server asks for 10 s here; the watch usually knows sooner.
  const behind = cause.message.includes("still being processed");
  if (behind) return { kind: "budgetBehind", afterMs: Math.min(call.retryAfterSeconds ?? 10, 10) * 1000 };
  return { kind: "budgetFull", message: cause.message };
};

/** A budget that is deleted while the server asks it is not found either; its pod is still there. */
const notFound = ({ message }: FailedCall): Answer => ({
  kind: /^poddisruptionbudgets\b/.test(message) ? "changed" : "gone",
});

const conflict = (call: FailedCall): Answer => {
  if (call.message.includes("UID in the precondition")) return { kind: "gone" };
  return call.message.includes("ResourceVersion in the precondition")
    ? { kind: "changed" }
    : later(call, 500);
};

const LATER_FORBIDDEN = [/disruptions allowed is negative/, /DisruptedPods map too big/];

const forbidden = (call: FailedCall): Answer => {
  // A namespace that is being deleted takes its pods with it; the call is worth another try only if it does not.
  if (call.causes.some(({ reason }) => reason === "NamespaceTerminating")) return later(call, 5_000);
  if (LATER_FORBIDDEN.some(text => text.test(call.message))) return later(call, 30_000);
  return { kind: "refused", message: call.message };
};

const serverFault = (call: FailedCall): Answer => {
  if (call.message.includes(MANY_BUDGETS)) return { kind: "manyBudgets" };
  const contended = call.message.includes(CONTENDED) ? { contended: true } : {};
  return { ...later(call, 1_000), slowDown: true, ...contended };
};

const BY_STATUS: Readonly<Record<number, (call: FailedCall) => Answer>> = {
  403: forbidden,
  404: notFound,
  409: conflict,
  429: tooMany,
};

/** `reference`: Kubernetes `pkg/registry/core/pod/storage/eviction.go`, 1.35 and 1.36. */
export const classifyFailure = (call: FailedCall): Answer => {
  if (call.status === undefined || call.status >= 500) return serverFault(call);
  const known = BY_STATUS[call.status];
  if (known !== undefined) return known(call);
  // An expired token heals when the credentials are read again.
  if (call.status === 401) return later(call, 5_000);
  return { kind: "refused", message: call.message };
};
