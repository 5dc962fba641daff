import { releaseGeneration } from "../../../operations/migration/release";
import type { GateRuntime } from "../host/runtime";
import type { InterlockInputs, InterlockOutputs } from "./protocol";

/** Create is instant. Delete is the drain interlock: it lets the generation go, or refuses and blue stays. */
export const runtime: GateRuntime<InterlockInputs, InterlockOutputs> = {
  outputs: [],
  apply: inputs => Promise.resolve(inputs),
  release: async (outputs, context) => {
    const kube = await context.reach();
    if (kube === "absent") {
      context.log(`no cluster "${outputs.cluster}": nothing to hold back`);
      return;
    }
    await releaseGeneration(
      { kube, live: context.live, now: context.now, log: context.log, run: context.run },
      outputs,
      context.signal,
    );
  },
};
