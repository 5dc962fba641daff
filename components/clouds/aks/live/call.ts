import { type Problem, ProblemError } from "../../../../core/problem";
import { KubeError } from "../../../../kube";
import { asking } from "../../shared/live/ask";
import { ArmError } from "./client";

/** What is asked of Azure, by the action it needs ("Microsoft.ContainerService/managedClusters/read"), and on what. */
export interface Asked {
  readonly action: string;
  readonly on: string;
}

const GONE = ["ResourceNotFound", "NotFound", "ResourceGroupNotFound", "ParentResourceNotFound"];

/** A subscription that the caller does not see is a 404, too, and says nothing of the cluster. */
export const isGone = (error: unknown): boolean =>
  error instanceof ArmError && error.status === 404 && GONE.includes(error.code);

const BUSY = /in progress|aks-pending-operation|wait for it to finish/i;

/** AKS does one thing to a cluster at a time (aka.ms/aks-pending-operation). The same code says other things, too. */
export const isBusy = (error: unknown): boolean =>
  error instanceof ArmError && error.status === 409 && BUSY.test(error.message);

/** Somebody changed it since it was read: it is read again. */
export const isOutdated = (error: unknown): boolean => error instanceof ArmError && error.status === 412;

const denied = ({ action, on }: Asked, text: string): Problem => ({
  code: "Aks.AccessDenied",
  path: on,
  message: `Azure refused ${action}: ${text}`,
  fix: `grant ${action} on ${on} to the identity that runs \`pulumi up\``,
});

const noIdentity = ({ action, on }: Asked, text: string): Problem => ({
  code: "Aks.NoCredentials",
  path: on,
  message: `no valid Azure credentials for ${action}: ${text}`,
  fix: "log in again (`az login`, or fresh ARM_* variables) and run it again; nothing was changed by this call",
});

const refused = ({ action, on }: Asked, code: string, text: string): Problem => ({
  code: "Aks.Refused",
  path: on,
  message: `${action} was answered ${code}: ${text}`,
  fix: "put right what Azure names and run `pulumi up` again",
});

/** No answer at all is an outage: what it would have said is unknown, and unknown is never "absent". */
const outage = ({ action, on }: Asked, error: Error): KubeError =>
  new KubeError({
    kind: "unreachable",
    message: `${action} for ${on}: ${error.message}`,
    mayHaveApplied: true,
    cause: error,
  });

/** As @azure/identity calls its errors. */
const NO_LOGIN = [
  "CredentialUnavailableError",
  "AuthenticationError",
  "AggregateAuthenticationError",
  "AuthenticationRequiredError",
];

const translate = (asked: Asked, error: Error): Error => {
  if (NO_LOGIN.includes(error.name))
    return new ProblemError("Azure refused", [noIdentity(asked, error.message)]);
  if (!(error instanceof ArmError) || error.status >= 500 || error.status === 429)
    return outage(asked, error);
  if (error.status === 401) return new ProblemError("Azure refused", [noIdentity(asked, error.message)]);
  if (error.status === 403) return new ProblemError("Azure refused", [denied(asked, error.message)]);
  return new ProblemError("Azure refused", [refused(asked, error.code, error.message)]);
};

export const { ask, askFor } = asking<Asked>({ translate, isGone });
