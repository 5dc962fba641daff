import { ask, askFor, isBusy } from "../../../../../components/clouds/aks/live/call";
import { ArmError } from "../../../../../components/clouds/aks/live/client";

const asked = {
  action: "Microsoft.ContainerService/managedClusters/agentPools/write",
  on: "agent pool eu/wor123456789",
};

const named = (name: string): Error => Object.assign(new Error("as Azure says it"), { name });

const refusalOf = async (error: Error): Promise<string> => {
  try {
    await ask(asked, () => Promise.reject(error));
  } catch (refusal) {
    return String(refusal);
  }
  return "nothing";
};

describe("what Azure answers, in words that say what to do", () => {
  it("names the missing action and on what", async () => {
    const text = await refusalOf(new ArmError(403, "AuthorizationFailed", "no"));
    expect(text).toContain("Aks.AccessDenied");
    expect(text).toContain(`grant ${asked.action} on ${asked.on}`);
  });

  it.each([
    ["an expired login", new ArmError(401, "ExpiredAuthenticationToken", "expired"), "Aks.NoCredentials"],
    ["no login at all", named("CredentialUnavailableError"), "Aks.NoCredentials"],
    ["none of several logins", named("AggregateAuthenticationError"), "Aks.NoCredentials"],
    ["a refusal", new ArmError(400, "BadRequest", "too new"), "Aks.Refused"],
    ["an outage", new ArmError(503, "ServerTimeout", "later"), "KubeError"],
    ["too many calls", new ArmError(429, "TooManyRequests", "later"), "KubeError"],
    ["no answer", new TypeError("fetch failed"), "KubeError"],
  ])("says of %s", async (_what, error, expected) => {
    expect(await refusalOf(error)).toContain(expected);
  });

  it("takes absent from Azure alone, and not for a subscription that it does not see", async () => {
    const gone = (code: string) => (): Promise<object> => Promise.reject(new ArmError(404, code, "gone"));
    expect(await askFor(asked, gone("ResourceNotFound"))).toBeUndefined();
    expect(await askFor(asked, gone("ResourceGroupNotFound"))).toBeUndefined();
    await expect(askFor(asked, gone("SubscriptionNotFound"))).rejects.toThrow(/Aks\.Refused/);
    await expect(askFor(asked, () => Promise.reject(new TypeError("fetch failed")))).rejects.toThrow(/fetch/);
  });

  it.each([
    [409, "Operation is not allowed: Another operation (wor - Creating) is in progress, please wait", true],
    [409, "there's an in progress create managed cluster operation", true],
    [409, "Operation could not be completed as it results in exceeding approved cores quota", false],
    [400, "There has to be at least one system agent pool", false],
  ])("%i %s: another operation runs = %s", (status, message, busy) => {
    expect(isBusy(new ArmError(status, "OperationNotAllowed", message))).toBe(busy);
  });
});
