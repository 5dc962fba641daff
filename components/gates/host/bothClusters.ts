import type { ConnectionRecipe } from "../../../core/config/connection";
import type { Clusters } from "../../../operations/handover/records";
import type { GateInputs } from "../protocol";
import type { GateContext } from "./runtime";

/** The two clusters of a handover; its gates' own connection is green's. */
export const bothClusters = async (
  { connection, blue }: GateInputs & { readonly blue: ConnectionRecipe },
  context: GateContext,
): Promise<Clusters> => {
  const [ofBlue, ofGreen] = await Promise.all([context.reach(blue), context.reach(connection)]);
  return { blue: ofBlue, green: ofGreen };
};
