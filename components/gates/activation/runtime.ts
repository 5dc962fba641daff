import { activatePool } from "../../../operations/activation/activate";
import { readLedger } from "../../../operations/ledger/store";
import { mustReach } from "../host/mustReach";
import type { GateRuntime } from "../host/runtime";
import { whereThere } from "../host/stale";
import type { ActivationInputs, ActivationOutputs } from "./protocol";

/**
 * Quick, and early: it opens one generation, fences the others and counts. Because it succeeds before the long steps,
 * setting a pool's version back after a failure is a change again, and blue is opened (docs/adr/0003).
 */
export const runtime: GateRuntime<ActivationInputs, ActivationOutputs> = {
  outputs: ["epoch"],
  isStale: (outputs, inputs, context) =>
    whereThere(context, async kube => {
      const record = (await readLedger(kube, context.signal)).pools[inputs.pool];
      return record?.epoch !== outputs.epoch || record.active !== inputs.generation;
    }),
  apply: async (inputs, _olds, context) => {
    const kube = await mustReach(inputs, context);
    const epoch = await activatePool(
      { kube, live: context.live, now: context.now, log: context.log, run: context.run },
      inputs,
      context.signal,
    );
    return { ...inputs, epoch };
  },
};
