import type { KubeClient } from "../../../kube";
import { refuseWhileCarrying } from "../../../operations/handover/carrying";
import { completeCluster } from "../../../operations/ledger/store";
import { resumeComplete } from "../../../operations/migration/rebalance";
import { describeFailure } from "../host/failure";
import { mustReach } from "../host/mustReach";
import type { GateContext, GateRuntime } from "../host/runtime";
import { isUnproven } from "../host/stale";
import type { CompletionInputs, CompletionOutputs } from "./protocol";

/** A cluster that can't be reached may have to be destroyed all the same. */
const findOrTell = async (
  { connection }: CompletionOutputs,
  context: GateContext,
): Promise<KubeClient | "absent"> => {
  try {
    return await context.reach();
  } catch (error) {
    const why = describeFailure(error).message;
    context.log(`not checked whether a handover sends traffic to ${connection.name}: ${why}`);
    return "absent";
  }
};

/** Last of all: the record without which no interlock lets a generation go. First to go at a destroy: it asks whether the cluster carries traffic. */
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
  release: async (outputs, context) => {
    const kube = await findOrTell(outputs, context);
    if (kube !== "absent") await refuseWhileCarrying(kube, context.signal);
  },
};
