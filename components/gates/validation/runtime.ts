import { validatePool } from "../../../operations/validate/validate";
import { mustReach } from "../host/mustReach";
import type { GateRuntime } from "../host/runtime";
import { isUnproven } from "../host/stale";
import type { ValidationInputs, ValidationOutputs } from "./protocol";

/** The user's Jobs and the built-in checks, on the workloads where they now run. */
export const runtime: GateRuntime<ValidationInputs, ValidationOutputs> = {
  outputs: ["outcome"],
  isStale: (outputs, inputs, context) =>
    isUnproven(inputs.pool, { proof: "validated", epoch: outputs.epoch }, context),
  apply: async (inputs, _olds, context) => {
    const kube = await mustReach(inputs, context);
    const outcome = await validatePool({ kube, now: context.now, log: context.log }, inputs, context.signal);
    return { ...inputs, outcome };
  },
};
