import type { ConnectionRecipe } from "../../core/config/connection";
import { type Problem, ProblemError } from "../../core/problem";
import type { KubeError } from "../../kube";
import type { CloudLive } from "../ports";
import { isOutage } from "./outage";

interface Refused {
  readonly connection: ConnectionRecipe;
  readonly error: KubeError;
}

/** An API server that answers 401 is no outage: waiting changes nothing, and everything after it would fail. */
export const explainRefusal = async (
  live: Pick<CloudLive, "explainNoAccess">,
  { connection, error }: Refused,
  signal: AbortSignal,
): Promise<Problem> => {
  try {
    return (await live.explainNoAccess?.(connection, signal)) ?? noAccess(error);
  } catch (failure) {
    if (isOutage(failure) || failure instanceof ProblemError) return noAccess(error);
    throw failure;
  }
};

const noAccess = ({ message }: KubeError): Problem => ({
  code: "Preflight.NoAccess",
  path: "cluster",
  message: `the cluster's API server does not take these credentials: ${message}`,
  fix: "log in again, or let who has access give it to the identity that runs `pulumi up`; nothing was changed",
});
