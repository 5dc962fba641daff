import { type Problem, ProblemError } from "../../../core/problem";
import { KubeError } from "../../../kube";
import type { GateInputs } from "../protocol";

/** One error without a stack for what is expected; bugs keep theirs. */
export const describeFailure = (error: unknown): Error => {
  if (!(error instanceof Error)) return new Error(String(error));
  if (error instanceof ProblemError || error instanceof KubeError) {
    const plain = new Error(error.message);
    plain.stack = error.message;
    return plain;
  }
  return error;
};

/** How a step ended that was told to stop: a call cut short is no outage. A gate's own words come first. */
export const describeEnd = (error: unknown, { gate }: GateInputs, signal: AbortSignal): Error =>
  signal.aborted && !(error instanceof ProblemError)
    ? describeFailure(new ProblemError(`${gate} stopped`, [stopped(gate, signal.reason, error)]))
    : describeFailure(error);

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const stopped = (gate: string, reason: unknown, error: unknown): Problem => ({
  code: "Gate.Stopped",
  path: gate,
  message: reason === error ? wordsOf(reason) : `${wordsOf(reason)} (at: ${wordsOf(error)})`,
  fix: "what was done is on record in the cluster: run `pulumi up` again to go on, or set the pool's version back and run it to return",
});
