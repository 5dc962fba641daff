import { Gate, gateOf } from "../../gates/gate";
import type { CloudEntry, CloudResources } from "../contract";
import { labFacts } from "./facts";
import type { LabControlPlaneInputs, LabNodePoolInputs } from "./protocol";

const labControlPlane = gateOf<LabControlPlaneInputs>("LabControlPlane");
const labNodePool = gateOf<LabNodePoolInputs>("LabNodePool");

/** The lab's own "cloud": real control-plane processes, simulated nodes. */
const labResources: CloudResources = {
  controlPlane: ({ cluster, connection }, opts) =>
    labControlPlane(
      cluster.name,
      { connection, cluster: cluster.name, version: cluster.version, stage: cluster.stage },
      opts,
    ),
  nodePool: ({ cluster, connection, pool, generation, spec }, opts) =>
    labNodePool(generation, { connection, cluster: cluster.name, pool, generation, spec }, opts),
  // A dynamic resource has no outputs in a preview that changes it: here alone it is unknown then, too.
  kubeconfig: (_cluster, controlPlane) => {
    if (!(controlPlane instanceof Gate)) throw new Error("a control plane that the lab did not make");
    return controlPlane.outcome.apply(({ kubeconfig }) => String(kubeconfig));
  },
};

export const lab: CloudEntry = { facts: labFacts, open: () => labResources };
