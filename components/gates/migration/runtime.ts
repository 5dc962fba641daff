import { migratePool } from "../../../operations/migration/migrate";
import { mustReach } from "../host/mustReach";
import type { GateRuntime } from "../host/runtime";
import { isUnproven } from "../host/stale";
import type { MigrationInputs, MigrationOutputs } from "./protocol";

/** Moves every workload of the pool from all other generations to the active one, under budgets and guards. */
export const runtime: GateRuntime<MigrationInputs, MigrationOutputs> = {
  outputs: ["outcome"],
  isStale: (outputs, inputs, context) =>
    isUnproven(inputs.pool, { proof: "migrated", epoch: outputs.epoch }, context),
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
