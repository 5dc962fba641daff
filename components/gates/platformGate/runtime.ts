import { awaitPlatform } from "../../../operations/platform/awaitPlatform";
import { mustReach } from "../host/mustReach";
import type { GateRuntime } from "../host/runtime";
import { isPending } from "../host/stale";
import type { PlatformGateInputs, PlatformGateOutputs } from "./protocol";

/** After the user's own resources: what runs of them is looked at before anything that stands on it is touched. */
export const runtime: GateRuntime<PlatformGateInputs, PlatformGateOutputs> = {
  outputs: ["outcome"],
  isStale: (_outputs, inputs, context) => isPending(inputs.transition, context),
  apply: async (inputs, _olds, context) => {
    const kube = await mustReach(inputs, context);
    const well = await awaitPlatform({ kube, now: context.now, log: context.log }, inputs, context.signal);
    return { ...inputs, outcome: { well } };
  },
};
