import { completeCluster } from "../../../operations/ledger/store";
import { resumeComplete } from "../../../operations/migration/rebalance";
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
    const ports = { kube, live: context.live, log: context.log };
    const pools = Object.keys(inputs.epochs).sort();
    for (const pool of pools) await resumeComplete(ports, { ...inputs, pool }, context.signal);
    return { ...inputs, outcome: { pools } };
  },
};
