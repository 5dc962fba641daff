import { Command } from "@pulumi/command/remote/command";
import * as pulumi from "../../sdk";
import { gateOf } from "../../gates/gate";
import { TYPE } from "../../names";
import type { NodePoolArgs } from "../contract";
import type { Connections } from "./connections";
import { confirmScript, forgetScript, joinScript, leaveScript, poolPackages } from "./machineScripts";
import type { KubeadmMachinesInputs } from "./protocol";

export const machinesGate = gateOf<KubeadmMachinesInputs>("KubeadmMachines");

/** The machines of one generation: invited, joined, and forgotten once they have left. */
export class KubeadmMachines extends pulumi.ComponentResource {
  constructor(args: NodePoolArgs, connect: Connections, opts: pulumi.CustomResourceOptions) {
    const { dependsOn, protect, parent } = opts;
    super(TYPE.kubeadmMachines, args.generation, {}, { parent });
    const child = { parent: this, protect };
    const invited = invite(args, { ...child, dependsOn });
    const forgotten = forget(args, connect(firstOf(args.cluster)), { ...child, dependsOn });
    for (const [node, address] of hostsOf(args))
      join({ args, node, connection: connect(address) }, { ...child, dependsOn: [invited, forgotten] });
    this.registerOutputs({});
  }
}

type Connection = ReturnType<Connections>;

/** Made first and so deleted last: what the machines that were reset leave in the cluster. */
const forget = (
  args: NodePoolArgs,
  connection: Connection,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource => new Command(args.generation, { connection, delete: forgetScript(args) }, opts);

/**
 * An edit never replaces it: only triggers would, and there are none (pulumi-command, command.ts: replaceOnChanges).
 * What was run once, `create`, is not looked at again.
 */
const join = (
  { args, node, connection }: { args: NodePoolArgs; node: string; connection: Connection },
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource =>
  new Command(
    `${args.generation}-${node}`,
    {
      connection,
      create: joinScript(args, node),
      update: confirmScript(args, node),
      delete: leaveScript(args),
    },
    { ...opts, ignoreChanges: ["create"] },
  );

const firstOf = ({ kubeadm }: NodePoolArgs["cluster"]): string => {
  const [first] = Object.entries(kubeadm?.controlPlanes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
  if (first === undefined) throw new Error("a cluster without control-plane machines passed config");
  return first[1];
};

const hostsOf = ({ spec }: NodePoolArgs): readonly (readonly [string, string])[] =>
  Object.entries(spec.hosts ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

const invite = (args: NodePoolArgs, opts: pulumi.CustomResourceOptions): pulumi.Resource => {
  const { cluster, connection, pool, generation, adopted, spec } = args;
  return machinesGate(
    generation,
    {
      ...{ connection, cluster: cluster.name, hosts: spec.hosts ?? {}, pool, generation },
      packages: poolPackages(args),
      ...(adopted === undefined ? {} : { adopted: true }),
    },
    opts,
  );
};
