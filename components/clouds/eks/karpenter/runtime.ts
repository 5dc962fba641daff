import { mustReach } from "../../../gates/host/mustReach";
import type { GateRuntime } from "../../../gates/host/runtime";
import { whereThere } from "../../../gates/host/stale";
import type { KarpenterMachinesInputs, KarpenterMachinesOutputs } from "../protocol";
import { ensureMachines, isThere, removeMachines } from "./live";

/** Level-triggered: what is missing is made, bounds are brought to what config says, a template is never touched. */
export const runtime: GateRuntime<KarpenterMachinesInputs, KarpenterMachinesOutputs> = {
  outputs: [],
  isStale: (_outputs, inputs, context) =>
    whereThere(context, async kube => !(await isThere(kube, inputs.generation, context.signal))),
  apply: async (inputs, _olds, context) => {
    const kube = await mustReach(inputs, context);
    await ensureMachines({ ...context, kube }, inputs);
    return inputs;
  },
  release: async (outputs, context) => {
    const kube = await context.reach();
    if (kube === "absent") return;
    await removeMachines({ ...context, kube }, outputs);
  },
};
