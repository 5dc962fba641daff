import { errorOfAnswer, errorOfNetwork, errorOfStatusEvent, parseRetryAfter } from "../../../kube/kubeError";

const status = (fields: object): string => JSON.stringify({ kind: "Status", apiVersion: "v1", ...fields });

describe("errorOfAnswer", () => {
  it("keeps reason, causes and message of a Status answer", () => {
    const error = errorOfAnswer({
      call: "POST /x",
      status: 429,
      body: status({
        message: "Cannot evict pod",
        reason: "TooManyRequests",
        details: { causes: [{ reason: "DisruptionBudget", message: "needs 2" }] },
      }),
      retryAfter: "10",
    });
    expect(error).toMatchObject({
      kind: "tooManyRequests",
      status: 429,
      reason: "TooManyRequests",
      causes: [{ reason: "DisruptionBudget", message: "needs 2" }],
      retryAfterSeconds: 10,
      message: "POST /x: 429 Cannot evict pod",
      mayHaveApplied: false,
    });
  });

  it("takes the delay from the Status when there is no header, and 0 as none", () => {
    const of = (seconds: number) =>
      errorOfAnswer({ call: "c", status: 429, body: status({ details: { retryAfterSeconds: seconds } }) });
    expect([of(7).retryAfterSeconds, of(0).retryAfterSeconds]).toEqual([7, undefined]);
  });

  it.each([
    [400, "invalid"],
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "notFound"],
    [409, "conflict"],
    [410, "expired"],
    [422, "invalid"],
    [500, "server"],
    [503, "server"],
  ])("names %i %s", (code, kind) => {
    expect(errorOfAnswer({ call: "c", status: code, body: "" }).kind).toBe(kind);
  });

  it("tells an existing object from a lost race", () => {
    const exists = status({ reason: "AlreadyExists" });
    expect(errorOfAnswer({ call: "c", status: 409, body: exists }).kind).toBe("alreadyExists");
  });

  it("shows the page of a proxy that answers no Status, cut short", () => {
    const error = errorOfAnswer({ call: "c", status: 502, body: "x".repeat(5000) });
    expect([error.reason, error.message.length]).toEqual([undefined, 307]);
  });

  it("takes a 5xx as no proof that nothing was written", () => {
    expect(errorOfAnswer({ call: "c", status: 504, body: "" }).mayHaveApplied).toBe(true);
  });
});

describe("errorOfNetwork", () => {
  it("knows that a refused connection sent nothing", () => {
    const refused = Object.assign(new Error("connect"), { code: "ECONNREFUSED" });
    expect(errorOfNetwork("c", refused)).toMatchObject({ kind: "unreachable", mayHaveApplied: false });
  });

  it("looks into the errors of several addresses", () => {
    const both = new AggregateError([Object.assign(new Error(), { code: "ECONNREFUSED" })]);
    expect(errorOfNetwork("c", both).mayHaveApplied).toBe(false);
  });

  it("holds a reset for possibly applied", () => {
    const reset = Object.assign(new Error("read"), { code: "ECONNRESET" });
    expect(errorOfNetwork("c", reset)).toMatchObject({ kind: "unreachable", mayHaveApplied: true });
  });

  it("calls a silent peer a timeout", () => {
    const silent = Object.assign(new Error(), { code: "UND_ERR_HEADERS_TIMEOUT" });
    expect(errorOfNetwork("c", silent).kind).toBe("timeout");
  });
});

it("reads the 410 event of a watch as expired", () => {
  expect(errorOfStatusEvent("c", { kind: "Status", code: 410, reason: "Expired" }).kind).toBe("expired");
});

it.each([
  [undefined, undefined],
  ["", undefined],
  ["3", 3],
  ["soon", undefined],
  ["Thu, 01 Jan 1970 00:00:30 GMT", 20],
  ["Thu, 01 Jan 1970 00:00:01 GMT", 0],
])("reads Retry-After %p as %p seconds", (header, seconds) => {
  expect(parseRetryAfter(header, 10_000)).toBe(seconds);
});
