import type { ConnectionRecipe } from "../../core/config/connection";
import { type Problem, ProblemError } from "../../core/problem";
import { isKubeError } from "../../kube";
import type { CloudLive } from "../ports";
import { isOutage } from "./outage";

type Live = Pick<CloudLive, "explainNoAccess" | "checkPlace">;

interface Unseen {
  readonly connection: ConnectionRecipe;
  /** Why the cluster could not be looked at. */
  readonly error: Error;
}

/** Its own, because the silence may have used up the other. */
const DEADLINE_MS = 5_000;

/** What is known of why a cluster can't be looked at, so that it is refused instead of called unknown; empty = nothing. */
export const explainUnseen = async (
  live: Live,
  { connection, error }: Unseen,
  signal: AbortSignal,
): Promise<readonly Problem[]> => {
  if (isKubeError(error, "unauthorized") && error.status !== undefined) {
    const told = await ask(() => live.explainNoAccess?.(connection, signal));
    return [told ?? noAccess(error)];
  }
  if (!isAnswer(error)) return [];
  return (await ask(() => live.checkPlace?.(connection, AbortSignal.timeout(DEADLINE_MS)))) ?? [];
};

/** A bug is none. */
const isAnswer = (error: unknown): boolean => isOutage(error) || error instanceof ProblemError;

/** The cloud may not answer here either: then nothing more is known than before. */
const ask = async <T>(question: () => Promise<T> | undefined): Promise<T | undefined> => {
  try {
    return await question();
  } catch (failure) {
    if (isAnswer(failure)) return undefined;
    throw failure;
  }
};

const noAccess = ({ message }: Error): Problem => ({
  code: "Preflight.NoAccess",
  path: "cluster",
  message: `the cluster's API server does not take these credentials: ${message}`,
  fix: "log in again, or let who has access give it to the identity that runs `pulumi up`; nothing was changed",
});
