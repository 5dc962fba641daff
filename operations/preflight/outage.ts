import { KubeError } from "../../kube";

/** Only what says "no answer" is an outage; a bug stays a bug. */
export const isOutage = (error: unknown): error is Error =>
  error instanceof KubeError ||
  (error instanceof Error && ["AbortError", "TimeoutError"].includes(error.name));
