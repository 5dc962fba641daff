import { ProblemError } from "../../../core/problem";
import type { KubeClient } from "../../../kube";
import type { GateInputs } from "../protocol";
import type { GateContext } from "./runtime";

/** For gates that come after the control plane: here "no cluster" is a refusal. */
export const mustReach = async (inputs: GateInputs, context: GateContext): Promise<KubeClient> => {
  const kube = await context.reach();
  if (kube !== "absent") return kube;
  throw new ProblemError("no cluster", [
    {
      code: "Gate.NoCluster",
      path: "cluster",
      message: `${inputs.gate} needs the cluster "${inputs.connection.name}", and there is none`,
      fix: "run `pulumi up` so that the control plane is made first",
    },
  ]);
};
