import type * as pulumi from "../../../sdk";
import { gateOf } from "../../../gates/gate";
import type { NodePoolArgs } from "../../contract";
import type { KarpenterMachinesInputs } from "../protocol";
import { karpenterObjects } from "./objects";

const machines = gateOf<KarpenterMachinesInputs>("KarpenterMachines");

/** One generation as a NodePool and an EC2NodeClass of the cluster. */
export const karpenterMachines = (
  args: NodePoolArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource => {
  const { cluster, connection, pool, generation } = args;
  return machines(
    generation,
    { connection, cluster: cluster.name, pool, generation, ...karpenterObjects(args) },
    opts,
  );
};
