import { ProblemError } from "../../../core/problem";
import { isProven } from "../../../operations/handover/proof";
import { checkStep, prepareStep } from "../../../operations/handover/step";
import { bothClusters } from "../host/bothClusters";
import { describeFailure } from "../host/failure";
import type { GateRuntime } from "../host/runtime";
import type { HandoverGateInputs, HandoverGateOutputs } from "./protocol";

/** Before any route changes: the side that is given more traffic is able to carry it. */
export const runtime: GateRuntime<HandoverGateInputs, HandoverGateOutputs> = {
  outputs: ["outcome"],
  check: async (inputs, _olds, context) => {
    try {
      const clusters = await bothClusters(inputs, context);
      return { inputs, problems: await checkStep(clusters, inputs, context.signal) };
    } catch (error) {
      if (error instanceof ProblemError) return { inputs, problems: error.problems };
      context.log(`live clusters not checked: ${describeFailure(error).message}`);
      return { inputs, problems: [] };
    }
  },
  isStale: async (_outputs, inputs, context) =>
    !(await isProven(await bothClusters(inputs, context), inputs, context.signal)),
  apply: async (inputs, _olds, context) => {
    const clusters = await bothClusters(inputs, context);
    const outcome = await prepareStep(
      { clusters, now: context.now, log: context.log },
      inputs,
      context.signal,
    );
    return { ...inputs, outcome };
  },
};
