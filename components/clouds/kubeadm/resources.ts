import { Command } from "@pulumi/command/remote/command";
import type * as pulumi from "../../sdk";
import type { CloudEntry, CloudResources, ControlPlaneArgs } from "../contract";
import { type Connections, openConnections } from "./connections";
import { controlPlaneScript } from "./controlPlaneScript";
import { kubeadmFacts } from "./facts";
import { KubeadmMachines, machinesGate } from "./machines";

/**
 * One machine after another, the first by name first. A cluster is adopted as `kubeadm init` left it, and left as it is
 * when the stack goes: there is no delete.
 */
const controlPlane = (
  { cluster, connection }: ControlPlaneArgs,
  connect: Connections,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource => {
  const hosts = cluster.kubeadm?.controlPlanes ?? {};
  const { name, version } = cluster;
  let last: pulumi.Resource = machinesGate(name, { connection, cluster: name, version, hosts }, opts);
  for (const [index, node] of Object.keys(hosts).sort().entries()) {
    const script = controlPlaneScript(cluster, { node, first: index === 0 });
    last = new Command(
      `${name}-${node}`,
      { connection: connect(hosts[node] ?? ""), create: script, update: script },
      { ...opts, dependsOn: [last] },
    );
  }
  return last;
};

const resourcesOf = (connect: Connections): CloudResources => ({
  controlPlane: (args, opts) => controlPlane(args, connect, opts),
  nodePool: (args, opts) => new KubeadmMachines(args, connect, opts),
});

/** Machines of the user's own, over ssh: kubeadm's own commands, run by the real provider. */
export const kubeadm: CloudEntry = {
  facts: kubeadmFacts,
  open: cluster => resourcesOf(openConnections(cluster)),
};
