import { ask, askFor } from "../../../../../components/clouds/eks/live/call";
import { isKubeError } from "../../../../../kube";

const asked = { action: "eks:DescribeCluster", on: "cluster eu" };

const failWith = (facts: object) => (): Promise<object> =>
  Promise.reject(Object.assign(new Error("as AWS says it"), facts));

const messageOf = async (facts: object): Promise<string> => {
  const error: unknown = await ask(asked, failWith(facts)).catch((caught: unknown) => caught);
  return error instanceof Error ? error.message : "";
};

describe("what AWS refuses", () => {
  it("names the exact action that the identity lacks", async () => {
    const message = await messageOf({ name: "AccessDeniedException" });
    expect(message).toContain("Eks.AccessDenied at cluster eu");
    expect(message).toContain("allow eks:DescribeCluster on cluster eu");
  });

  it.each(["ExpiredTokenException", "CredentialsProviderError", "UnrecognizedClientException"])(
    "tells %s apart: there is nobody to allow anything to",
    async name => {
      expect(await messageOf({ name })).toContain("Eks.NoCredentials");
    },
  );

  it.each([
    ["no answer", { code: "ECONNREFUSED" }],
    ["a timeout", { name: "TimeoutError" }],
    ["an error of AWS's own", { name: "ServerException", $metadata: { httpStatusCode: 503 } }],
    ["throttling that outlasted the SDK's retries", { name: "ThrottlingException" }],
  ])("%s is an outage, so unknown", async (_what, facts) => {
    const error: unknown = await askFor(asked, failWith(facts)).catch((caught: unknown) => caught);
    expect(isKubeError(error, "unreachable")).toBe(true);
  });

  it("hands on anything else in AWS's words", async () => {
    expect(await messageOf({ name: "InvalidParameterException" })).toContain(
      "eks:DescribeCluster answered InvalidParameterException: as AWS says it",
    );
  });

  it("takes only ResourceNotFoundException for absent", async () => {
    expect(await askFor(asked, failWith({ name: "ResourceNotFoundException" }))).toBeUndefined();
    await expect(askFor(asked, failWith({ name: "NotFound" }))).rejects.toThrow("Eks.Refused");
  });
});
