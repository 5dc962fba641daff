import { hasLeftovers } from "../../../operations/migration/leftovers";
import { migratePool } from "../../../operations/migration/migrate";
import { mustReach } from "../host/mustReach";
import type { GateRuntime } from "../host/runtime";
import { isUnproven, whereThere } from "../host/stale";
import type { MigrationInputs, MigrationOutputs } from "./protocol";

/** Moves every workload of the pool from all other generations to the active one, under budgets and guards. */
export const runtime: GateRuntime<MigrationInputs, MigrationOutputs> = {
  outputs: ["outcome"],
  isStale: async (outputs, inputs, context) =>
    (await isUnproven(inputs.pool, { proof: "migrated", epoch: outputs.epoch }, context)) ||
    whereThere(context, kube => hasLeftovers(kube, inputs, context.signal)),
  apply: async (inputs, _olds, context) => {
    const kube = await mustReach(inputs, context);
    const outcome = await migratePool(
      { kube, live: context.live, now: context.now, log: context.log, run: context.run },
      inputs,
      context.signal,
    );
    return { ...inputs, outcome };
  },
};
