import type { SshRecipe } from "../../../../core/config";
import { type Problem, ProblemError } from "../../../../core/problem";
import {
  collectionPath,
  KINDS,
  type KubeClient,
  listProjected,
  type NodeView,
  projectNode,
} from "../../../../kube";
import { lookAt, READ_MARK } from "./look";
import { type Machine, onMachine, type Remote } from "./ssh";

/** A node, and the identity that its kubelet read off the machine. */
export interface ClusterNode extends NodeView {
  readonly machineId: string;
}

/** What a machine says of itself. Empty = it does not say. */
interface MachineFacts {
  readonly machineId: string;
  /** Version of the package, "1.35.8-1.1". */
  readonly kubelet: string;
  /** Version in the static pod, "1.35.8"; only on a control plane. */
  readonly apiServer: string;
  /** Generation that it joined or was joining. */
  readonly generation: string;
}

/** A node's machine: how it is reached and what it says, or why it could not be asked. */
export interface SeenMachine {
  readonly node: ClusterNode;
  readonly address: string;
  readonly facts?: MachineFacts;
  readonly problems: readonly Problem[];
}

const LOOK_MS = 60_000;

/** Looks and changes nothing. Each line is "name value". A kubelet reports the machine-id that lies in /etc. */
const LOOK = [
  `dpkg-query -W -f="\\\${Package} \\\${Version}\\n" kubelet 2>/dev/null`,
  '[ -f /etc/machine-id ] && echo "machineId $(cat /etc/machine-id)"',
  READ_MARK,
  'line=$(grep "kube-apiserver:v" /etc/kubernetes/manifests/kube-apiserver.yaml 2>/dev/null) && echo "apiServer ${line##*:v}"',
  "true",
].join("\n");

const look = async (machine: Machine, remote: Remote): Promise<MachineFacts> => {
  const found = await lookAt(machine, remote, LOOK);
  const say = (name: string): string => found.get(name) ?? "";
  return {
    ...{ machineId: say("machineId"), kubelet: say("kubelet") },
    ...{ apiServer: say("apiServer"), generation: say("generation") },
  };
};

interface RawInfo {
  readonly status?: { readonly nodeInfo?: { readonly machineID?: string } };
}

/** All nodes, by name. */
export const listMachines = async (kube: KubeClient): Promise<readonly ClusterNode[]> => {
  const { items } = await listProjected(kube, {
    path: collectionPath(KINDS.nodes),
    project: raw => ({
      ...projectNode(raw),
      machineId: (raw as RawInfo).status?.nodeInfo?.machineID ?? "",
    }),
  });
  return [...items].sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** Asks the machine at this address, and whether it is the node's. */
export const seeMachine = async (
  ssh: SshRecipe,
  node: ClusterNode,
  given: string | undefined,
): Promise<SeenMachine> => {
  const address = given ?? node.addresses.find(({ type }) => type === "InternalIP")?.address;
  if (address === undefined) return { node, address: "", problems: [noAddress(node)] };
  const machine = { node: node.name, address };
  try {
    const facts = await onMachine({ ssh, signal: AbortSignal.timeout(LOOK_MS) }, machine, remote =>
      look(machine, remote),
    );
    const same = facts.machineId !== "" && facts.machineId === node.machineId;
    return { node, address, facts, problems: same ? [] : [otherMachine(machine, node, facts)] };
  } catch (error) {
    if (error instanceof ProblemError) return { node, address, problems: error.problems };
    throw error;
  }
};

const noAddress = ({ name }: NodeView): Problem => ({
  code: "Adopt.KubeadmNoAddress",
  path: `hosts.${name}`,
  message: `node ${name} reports no InternalIP, so nothing says where its machine answers ssh`,
  fix: `say it: --address ${name}=10.0.0.21`,
});

const otherMachine = (
  { node, address }: Machine,
  { machineId }: ClusterNode,
  facts: MachineFacts,
): Problem => ({
  code: "Adopt.KubeadmOtherMachine",
  path: `hosts.${node}`,
  message: `the machine at ${address} has machine-id "${facts.machineId}" and node ${node} reports "${machineId}": it may be another machine, which would be reset once the pool has moved`,
  fix: `correct the address: --address ${node}=ADDRESS`,
});
