import { soakPool } from "../../../operations/health/soak";
import { mustReach } from "../host/mustReach";
import type { GateRuntime } from "../host/runtime";
import { isUnproven } from "../host/stale";
import type { SoakGateInputs, SoakGateOutputs } from "./protocol";

/** Health must hold without a break for the soak time. */
export const runtime: GateRuntime<SoakGateInputs, SoakGateOutputs> = {
  outputs: ["outcome"],
  isStale: (outputs, inputs, context) =>
    isUnproven(inputs.pool, { proof: "soaked", epoch: outputs.epoch }, context),
  apply: async (inputs, _olds, context) => {
    const kube = await mustReach(inputs, context);
    const outcome = await soakPool({ kube, now: context.now, log: context.log }, inputs, context.signal);
    return { ...inputs, outcome };
  },
};
