import type { GateRuntime } from "../../gates/host/runtime";
import { whereThere } from "../../gates/host/stale";
import { convergeControlPlane, convergePool, removeControlPlane, removePool, seeControlPlane } from "./live";
import type {
  LabControlPlaneInputs,
  LabControlPlaneOutputs,
  LabNodePoolInputs,
  LabNodePoolOutputs,
} from "./protocol";

/** Level-triggered: what runs is looked at each time, so a half-done or dead control plane is mended by any `up`. */
export const controlPlaneRuntime: GateRuntime<LabControlPlaneInputs, LabControlPlaneOutputs> = {
  outputs: ["outcome"],
  isStale: (_outputs, inputs) => Promise.resolve(!seeControlPlane(inputs).asWanted),
  apply: async (inputs, _olds, context) => ({
    ...inputs,
    outcome: await convergeControlPlane(inputs, context.log, context.signal),
  }),
  release: (outputs, context) => removeControlPlane(outputs, context.log),
};

/** No change of its inputs ever replaces it: whoever wants other machines asks for another generation. */
export const nodePoolRuntime: GateRuntime<LabNodePoolInputs, LabNodePoolOutputs> = {
  outputs: [],
  isStale: (_outputs, _inputs, context) => whereThere(context, () => Promise.resolve(false)),
  apply: async (inputs, _olds, context) => {
    await convergePool(inputs, context.signal);
    return inputs;
  },
  release: (outputs, context) => removePool(outputs, context.signal),
};
