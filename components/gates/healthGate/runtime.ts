import { awaitHealth } from "../../../operations/health/health";
import { mustReach } from "../host/mustReach";
import type { GateRuntime } from "../host/runtime";
import { isPending } from "../host/stale";
import type { HealthGateInputs, HealthGateOutputs } from "./protocol";

/** Between the control plane and the pools: nothing of the nodes changes while the cluster is not well. */
export const runtime: GateRuntime<HealthGateInputs, HealthGateOutputs> = {
  outputs: ["outcome"],
  isStale: (_outputs, inputs, context) => isPending(inputs.transition, context),
  apply: async (inputs, _olds, context) => {
    const kube = await mustReach(inputs, context);
    const outcome = await awaitHealth({ kube, now: context.now, log: context.log }, inputs, context.signal);
    return { ...inputs, outcome };
  },
};
