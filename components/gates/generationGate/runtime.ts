import { proveGeneration } from "../../../operations/generation/prove";
import { mustReach } from "../host/mustReach";
import type { GateRuntime } from "../host/runtime";
import { isPending } from "../host/stale";
import type { GenerationGateInputs, GenerationGateOutputs } from "./protocol";

/** Green proves itself before anything may land on it. Blue under `retiring` has nothing left to prove. */
export const runtime: GateRuntime<GenerationGateInputs, GenerationGateOutputs> = {
  outputs: ["outcome"],
  isStale: (_outputs, inputs, context) => isPending(inputs.transition, context),
  apply: async (inputs, _olds, context) => {
    if (!inputs.active) return { ...inputs, outcome: { nodes: 0, probed: 0 } };
    const kube = await mustReach(inputs, context);
    const outcome = await proveGeneration(
      { kube, live: context.live, now: context.now, log: context.log },
      inputs,
      context.signal,
    );
    return { ...inputs, outcome };
  },
};
