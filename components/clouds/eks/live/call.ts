import { type Problem, ProblemError } from "../../../../core/problem";
import { KubeError } from "../../../../kube";
import { asking } from "../../shared/live/ask";

/** What is asked of AWS, in IAM's own words: "eks:DescribeCluster", on which cluster or group. */
export interface Asked {
  readonly action: string;
  readonly on: string;
}

interface AwsError extends Error {
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; readonly attempts?: number };
}

const isAwsError = (error: unknown): error is AwsError => error instanceof Error;

export const isNamed = (error: unknown, ...names: readonly string[]): boolean =>
  isAwsError(error) && names.includes(error.name);

const DENIED = ["AccessDeniedException", "AccessDenied", "UnauthorizedOperation"];
const NO_IDENTITY = [
  "CredentialsProviderError",
  "ExpiredToken",
  "ExpiredTokenException",
  "UnrecognizedClientException",
  "InvalidClientTokenId",
  "InvalidSignatureException",
  "TokenProviderError",
];
const NO_ANSWER = ["TimeoutError", "NetworkingError", "AbortError"];

const denied = ({ action, on }: Asked, text: string): Problem => ({
  code: "Eks.AccessDenied",
  path: on,
  message: `AWS refused ${action}: ${text}`,
  fix: `allow ${action} on ${on} to the identity that runs \`pulumi up\``,
});

const noIdentity = ({ action, on }: Asked, text: string): Problem => ({
  code: "Eks.NoCredentials",
  path: on,
  message: `no valid AWS credentials for ${action}: ${text}`,
  fix: "log in again (`aws sso login`, or fresh AWS_* variables) and run it again; nothing was changed by this call",
});

const refused = ({ action, on }: Asked, { name, message }: AwsError): Problem => ({
  code: "Eks.Refused",
  path: on,
  message: `${action} answered ${name}: ${message}`,
  fix: "put right what AWS names and run `pulumi up` again",
});

/** No answer at all is an outage: what it would have said is unknown, and unknown is never "absent". */
const isOutage = (error: AwsError): boolean =>
  NO_ANSWER.includes(error.name) ||
  (error.$metadata?.httpStatusCode ?? 0) >= 500 ||
  /^E[A-Z]+$/.test(error.code ?? "") ||
  /throttl/i.test(error.name);

const translate = (asked: Asked, error: AwsError): Error => {
  if (DENIED.includes(error.name)) return new ProblemError("AWS refused", [denied(asked, error.message)]);
  if (NO_IDENTITY.includes(error.name))
    return new ProblemError("AWS refused", [noIdentity(asked, error.message)]);
  if (isOutage(error))
    return new KubeError({
      kind: "unreachable",
      message: `${asked.action} for ${asked.on}: ${error.name}: ${error.message}`,
      mayHaveApplied: true,
      cause: error,
    });
  return new ProblemError("AWS refused", [refused(asked, error)]);
};

const GONE = "ResourceNotFoundException";
const { ask: askUnless, askFor } = asking<Asked>({ translate, isGone: error => isNamed(error, GONE) });

/** Throttling is retried by the SDK. `expected` names errors that the caller judges itself. */
export const ask = <T>(asked: Asked, send: () => Promise<T>, ...expected: readonly string[]): Promise<T> =>
  askUnless(asked, send, error => isNamed(error, ...expected));

export { askFor };
