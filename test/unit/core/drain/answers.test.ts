import { classifyFailure, type FailedCall } from "../../../../core/drain/answers";

const call = (status: number | undefined, more: Partial<FailedCall> = {}): FailedCall => ({
  message: "",
  causes: [],
  mayHaveApplied: status === undefined || status >= 500,
  ...(status === undefined ? {} : { status }),
  ...more,
});
const budgetCause = (message: string) => ({ causes: [{ reason: "DisruptionBudget", message }] });

const cases: readonly (readonly [string, FailedCall, object])[] = [
  ["404: the pod is gone", call(404), { kind: "gone" }],
  [
    "404 for the budget: it was deleted under the call",
    call(404, { message: 'poddisruptionbudgets.policy "web" not found' }),
    { kind: "changed" },
  ],
  [
    "409 for the uid: the pod was replaced",
    call(409, { message: "Precondition failed: UID in the precondition: a, UID in object meta: b" }),
    { kind: "gone" },
  ],
  [
    "409 for the version: the pod is not what it was",
    call(409, {
      message:
        "the ResourceVersion in the precondition (1) does not match the ResourceVersion in record (2). The object might have been modified",
    }),
    { kind: "changed" },
  ],
  ["409 otherwise: once more, soon", call(409), { kind: "later", afterMs: 500, uncertain: false }],
  [
    "429 of a budget: no room",
    call(429, budgetCause("needs 3 healthy pods and has 3 currently")),
    { kind: "budgetFull", message: "needs 3 healthy pods and has 3 currently" },
  ],
  [
    "429 of a budget that is not counted yet: no longer than ten seconds",
    call(429, {
      ...budgetCause("The disruption budget web is still being processed by the server."),
      retryAfterSeconds: 60,
    }),
    { kind: "budgetBehind", afterMs: 10_000 },
  ],
  [
    "429 without a cause: the server's own limit",
    call(429, { retryAfterSeconds: 3 }),
    { kind: "throttled", afterMs: 3_000 },
  ],
  [
    "403 in a namespace that is going: later",
    call(403, { causes: [{ reason: "NamespaceTerminating", message: "" }] }),
    { kind: "later", afterMs: 5_000 },
  ],
  [
    "403 because too many evictions are not confirmed: much later",
    call(403, { message: "DisruptedPods map too big - too many evictions not confirmed by PDB controller" }),
    { kind: "later", afterMs: 30_000 },
  ],
  ["403 otherwise: refused", call(403, { message: "no" }), { kind: "refused", message: "no" }],
  ["401: later, with fresh credentials", call(401), { kind: "later", afterMs: 5_000 }],
  ["400: refused", call(400, { message: "bad" }), { kind: "refused", message: "bad" }],
  [
    "500 for several budgets: no outage",
    call(500, {
      message:
        "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.",
    }),
    { kind: "manyBudgets" },
  ],
  [
    "500 otherwise: may have happened",
    call(500),
    { kind: "later", afterMs: 1_000, uncertain: true, slowDown: true },
  ],
  [
    "#36 504 of a PDB that too many write to: as long as asked",
    call(504, { retryAfterSeconds: 10 }),
    { kind: "later", afterMs: 10_000, uncertain: true },
  ],
  [
    "504 after conflicts over a budget: with more care for it",
    call(504, { message: 'Timeout: couldn\'t update PodDisruptionBudget "web" due to conflicts' }),
    { kind: "later", uncertain: true, contended: true },
  ],
  ["no answer: may have happened", call(undefined), { kind: "later", uncertain: true }],
];

it.each(cases)("%s", (_title, failed, expected) => {
  expect(classifyFailure(failed)).toMatchObject(expected);
});
