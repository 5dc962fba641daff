import type { GateContext, GateRuntime } from "../../gates/host/runtime";
import type { AksBirthInputs, AksBirthOutputs } from "./protocol";

const isNeeded = async ({ connection }: AksBirthInputs, { live }: GateContext): Promise<boolean> =>
  (await live.access(connection)) === "absent";

/** Level-triggered: once AKS has the cluster, later updates of it must not name the pool it was born with. */
export const birthRuntime: GateRuntime<AksBirthInputs, AksBirthOutputs> = {
  outputs: ["needed"],
  isStale: async (outputs, inputs, context) => (await isNeeded(inputs, context)) !== outputs.needed,
  apply: async (inputs, _olds, context) => ({ ...inputs, needed: await isNeeded(inputs, context) }),
};
