import { isProven, proveStep } from "../../../operations/handover/proof";
import { removeRecords } from "../../../operations/handover/records";
import { bothClusters } from "../host/bothClusters";
import type { GateRuntime } from "../host/runtime";
import type { HandoverProofInputs, HandoverProofOutputs } from "./protocol";

/** After the routes: the step counts once the side that was given more has carried it well for the soak. */
export const runtime: GateRuntime<HandoverProofInputs, HandoverProofOutputs> = {
  outputs: ["outcome"],
  isStale: async (_outputs, inputs, context) =>
    !(await isProven(await bothClusters(inputs, context), inputs, context.signal)),
  apply: async (inputs, _olds, context) => {
    const clusters = await bothClusters(inputs, context);
    const outcome = await proveStep({ clusters, now: context.now, log: context.log }, inputs, context.signal);
    return { ...inputs, outcome };
  },
  release: async (outputs, context) => removeRecords(await bothClusters(outputs, context), context.signal),
};
