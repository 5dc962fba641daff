import { awaitAddOns } from "../../../operations/addOns/awaitAddOns";
import type { GateRuntime } from "../host/runtime";
import { isPending } from "../host/stale";
import type { AddOnGateInputs, AddOnGateOutputs } from "./protocol";

/** After the add-ons: a provider is content once an update is applied, also where the add-on is not well after it. */
export const runtime: GateRuntime<AddOnGateInputs, AddOnGateOutputs> = {
  outputs: ["outcome"],
  isStale: (_outputs, inputs, context) => isPending(inputs.transition, context),
  apply: async (inputs, _olds, context) => {
    await awaitAddOns(context, inputs, context.signal);
    return { ...inputs, outcome: { well: Object.keys(inputs.addOns).length } };
  },
};
