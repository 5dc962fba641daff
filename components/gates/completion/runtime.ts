import { completeCluster } from "../../../operations/ledger/store";
import { mustReach } from "../host/mustReach";
import type { GateRuntime } from "../host/runtime";
import { isUnproven } from "../host/stale";
import type { CompletionInputs, CompletionOutputs } from "./protocol";

/** Last of all: the record without which no interlock lets a generation go. */
export const runtime: GateRuntime<CompletionInputs, CompletionOutputs> = {
  outputs: ["outcome"],
  isStale: async (_outputs, inputs, context) => {
    const pools = Object.entries(inputs.epochs);
    const unproven = pools.map(([pool, epoch]) => isUnproven(pool, { proof: "completed", epoch }, context));
    return (await Promise.all(unproven)).includes(true);
  },
  apply: async (inputs, _olds, context) => {
    const kube = await mustReach(inputs, context);
    await completeCluster(kube, inputs.epochs, context.signal);
    return { ...inputs, outcome: { pools: Object.keys(inputs.epochs).sort() } };
  },
};
