import { type Problem, ProblemError } from "../../../../core/problem";
import { KubeError } from "../../../../kube";
import { asking } from "../../shared/live/ask";

/** What is asked of Google, by the permission it needs ("container.clusters.get"), and on what. */
export interface Asked {
  readonly permission: string;
  readonly on: string;
}

/** As google-auth-library throws it: https://cloud.google.com/apis/design/errors */
interface GoogleError extends Error {
  readonly code?: string | number;
  readonly status?: number;
  readonly response?: {
    readonly status?: number;
    readonly data?: { readonly error?: { readonly message?: string; readonly status?: string } };
  };
}

const isGoogleError = (error: unknown): error is GoogleError => error instanceof Error;

const statusOf = ({ response, status }: GoogleError): number | undefined => response?.status ?? status;

const textOf = ({ response, message }: GoogleError): string => response?.data?.error?.message ?? message;

const reasonOf = ({ response }: GoogleError): string => response?.data?.error?.status ?? "";

export const isStatus = (error: unknown, status: number): boolean =>
  isGoogleError(error) && statusOf(error) === status;

const BUSY = /incompatible operation|already has an operation|please wait and try again|is currently/i;

/**
 * GKE works on one thing of a cluster at a time and answers 400 FAILED_PRECONDITION meanwhile
 * (hashicorp/terraform-provider-google#3650), 409 ABORTED where two calls met.
 */
export const isBusy = (error: unknown): boolean => {
  if (!isGoogleError(error)) return false;
  const waiting = statusOf(error) === 400 && BUSY.test(textOf(error));
  return waiting || (statusOf(error) === 409 && reasonOf(error) !== "ALREADY_EXISTS");
};

const denied = ({ permission, on }: Asked, text: string): Problem => ({
  code: "Gke.AccessDenied",
  path: on,
  message: `Google refused ${permission}: ${text}`,
  fix: `grant ${permission} on ${on} to the identity that runs \`pulumi up\``,
});

const noIdentity = ({ permission, on }: Asked, text: string): Problem => ({
  code: "Gke.NoCredentials",
  path: on,
  message: `no valid Google credentials for ${permission}: ${text}`,
  fix: "log in again (`gcloud auth application-default login`, or the path of a key in GOOGLE_APPLICATION_CREDENTIALS) and run it again; nothing was changed by this call",
});

const refused = ({ permission, on }: Asked, text: string): Problem => ({
  code: "Gke.Refused",
  path: on,
  message: `the call that needs ${permission} was answered: ${text}`,
  fix: "put right what Google names and run `pulumi up` again",
});

/** No answer at all is an outage: what it would have said is unknown, and unknown is never "absent". */
const outage = ({ permission, on }: Asked, error: GoogleError): KubeError =>
  new KubeError({
    kind: "unreachable",
    message: `${permission} for ${on}: ${textOf(error)}`,
    mayHaveApplied: true,
    cause: error,
  });

const LOGIN = /default credentials|invalid_grant|reauth|invalid_rapt|UNAUTHENTICATED/i;

const translate = (asked: Asked, error: GoogleError): Error => {
  const [status, text] = [statusOf(error), textOf(error)];
  if (status === 403) return new ProblemError("Google refused", [denied(asked, text)]);
  if (status === 401 || LOGIN.test(text))
    return new ProblemError("Google refused", [noIdentity(asked, text)]);
  if (status === undefined || status >= 500 || status === 429) return outage(asked, error);
  return new ProblemError("Google refused", [refused(asked, text)]);
};

export const { ask, askFor } = asking<Asked>({ translate, isGone: error => isStatus(error, 404) });
