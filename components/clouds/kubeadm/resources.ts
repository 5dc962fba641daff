import { Command } from "@pulumi/command/remote/command";
import type { ClusterSpec } from "../../../core/config";
import { ProblemError } from "../../../core/problem";
import * as pulumi from "../../sdk";
import type { CloudEntry, CloudResources, ControlPlaneArgs } from "../contract";
import { type Connections, openConnections } from "./connections";
import { controlPlanePackages, controlPlaneScript } from "./controlPlaneScript";
import { kubeadmFacts } from "./facts";
import { KubeadmMachines, machinesGate } from "./machines";
import type { KubeadmMachinesInputs } from "./protocol";

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
  let last: pulumi.Resource = machinesGate(
    name,
    {
      ...{ connection, cluster: name, version, hosts, packages: controlPlanePackages(cluster) },
      ...outageOf(cluster),
    },
    opts,
  );
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

/** Said only where config says it: elsewhere nothing of it is in anybody's state. */
const outageOf = ({ kubeadm: own }: ClusterSpec): Pick<KubeadmMachinesInputs, "acceptedOutage"> =>
  own?.acceptedOutage === undefined ? {} : { acceptedOutage: own.acceptedOutage };

/** The file of config, read by the provider itself: its key is in nobody's state. */
const kubeconfigOf = ({ kubeconfig = "", context }: ClusterSpec): pulumi.Output<string> => {
  if (context !== undefined) throw new ProblemError("no kubeconfig", [contextUnsaid(context)]);
  return pulumi.output(kubeconfig);
};

const contextUnsaid = (context: string) => ({
  code: "Kubeadm.ContextUnsaid" as const,
  path: "cluster.context",
  message: `found "${context}"; a path can't say it, and a provider that is given the path alone takes the file's current context`,
  fix: `write a file of that context alone (kubectl config view --minify --flatten --context ${context}), or give the provider cluster.kubeconfig and cluster.context yourself`,
});

const resourcesOf = (connect: Connections): CloudResources => ({
  controlPlane: (args, opts) => controlPlane(args, connect, opts),
  nodePool: (args, opts) => new KubeadmMachines(args, connect, opts),
  kubeconfig: kubeconfigOf,
});

/** Machines of the user's own, over ssh: kubeadm's own commands, run by the real provider. */
export const kubeadm: CloudEntry = {
  facts: kubeadmFacts,
  open: cluster => resourcesOf(openConnections(cluster)),
};
