import { awaitHealth } from "../../../operations/health/health";
import { awaitWorkloads } from "../../../operations/observe/workloads";
import { mustReach } from "../host/mustReach";
import type { GateRuntime } from "../host/runtime";
import { isPending } from "../host/stale";
import type { HealthGateInputs, HealthGateOutputs } from "./protocol";

/** Between the control plane and the pools: nothing of the nodes changes while the cluster is not well. */
export const runtime: GateRuntime<HealthGateInputs, HealthGateOutputs> = {
  outputs: ["outcome"],
  isStale: (_outputs, inputs, context) => isPending(inputs.transition, context),
  apply: async (inputs, _olds, context) => {
    const kube = await mustReach(inputs, context);
    const ports = { kube, now: context.now, log: context.log };
    const outcome = await awaitHealth(ports, inputs, context.signal);
    if (inputs.workloads === true) {
      const wanted = { seconds: inputs.timeoutSeconds, path: "cluster.kubeadm.acceptedOutage" };
      await awaitWorkloads(ports, wanted, context.signal);
      context.log("every workload has its replicas again");
    }
    return { ...inputs, outcome };
  },
};
