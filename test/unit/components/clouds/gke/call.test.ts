import { ask, askFor, isBusy } from "../../../../../components/clouds/gke/live/call";

/** As google-auth-library throws it. */
const answer = (status: number, message: string, reason = ""): Error =>
  Object.assign(new Error(`Request failed with status code ${status}`), {
    response: { status, data: { error: { code: status, message, status: reason } } },
  });

const asked = { permission: "container.clusters.update", on: "node pool eu/workers-1-36-abcdef" };

const refusalOf = async (error: Error): Promise<string> => {
  try {
    await ask(asked, () => Promise.reject(error));
  } catch (refusal) {
    return String(refusal);
  }
  return "nothing";
};

describe("what Google answers, in words that say what to do", () => {
  it("names the missing permission and on what", async () => {
    const text = await refusalOf(answer(403, "Required permission(s).", "PERMISSION_DENIED"));
    expect(text).toContain("Gke.AccessDenied");
    expect(text).toContain("grant container.clusters.update on node pool eu/workers-1-36-abcdef");
  });

  it.each([
    ["an expired login", answer(401, "Invalid credentials", "UNAUTHENTICATED"), "Gke.NoCredentials"],
    ["no login at all", new Error("Could not load the default credentials."), "Gke.NoCredentials"],
    ["a refusal", answer(400, "Node version is too new.", "INVALID_ARGUMENT"), "Gke.Refused"],
    ["an outage", answer(503, "try later", "UNAVAILABLE"), "KubeError"],
    ["no answer", Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }), "KubeError"],
  ])("says of %s", async (_what, error, expected) => {
    expect(await refusalOf(error)).toContain(expected);
  });

  it("takes absent from Google alone", async () => {
    const gone = await askFor<object>(asked, () => Promise.reject(answer(404, "Not found", "NOT_FOUND")));
    expect(gone).toBeUndefined();
    await expect(askFor(asked, () => Promise.reject(answer(503, "later")))).rejects.toThrow(/later/);
  });

  it.each([
    {
      status: 400,
      message: "Cluster is running incompatible operation operation-1.",
      reason: "FAILED_PRECONDITION",
      busy: true,
    },
    {
      status: 400,
      message: "Operation operation-1 is currently upgrading cluster eu.",
      reason: "FAILED_PRECONDITION",
      busy: true,
    },
    { status: 409, message: "aborted", reason: "ABORTED", busy: true },
    { status: 409, message: "Already exists", reason: "ALREADY_EXISTS", busy: false },
    { status: 400, message: "Node version is too new.", reason: "INVALID_ARGUMENT", busy: false },
  ])("$status $message ($reason): another operation runs = $busy", ({ status, message, reason, busy }) => {
    expect(isBusy(answer(status, message, reason))).toBe(busy);
  });
});
