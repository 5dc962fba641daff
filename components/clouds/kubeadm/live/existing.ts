import type { ConnectionRecipe, SshRecipe } from "../../../../core/config";
import {
  type ExistingCluster,
  type ExistingPool,
  type MachinesWanted,
  mostCommon,
  present,
  writeBornWith,
} from "../../../../core/config/existing";
import { mayBeOwn } from "../../../../core/config/kubeadmChecks";
import { LABEL } from "../../../../core/identity/names";
import { type NodeView, readVersion } from "../../../../kube";
import { withCluster } from "./access";
import { sshOf } from "./controlPlane";
import { judgeAlike, judgeControlPlane, judgeWorker, noNode, unnamed } from "./judgeMachines";
import { type ClusterNode, listMachines, type SeenMachine, seeMachine } from "./machineFacts";

const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

const isControlPlane = ({ labels }: NodeView): boolean => labels[CONTROL_PLANE] !== undefined;

/** The cluster as its nodes and their machines tell it. Which of them are one pool only its user knows. */
export const readExisting = (place: ConnectionRecipe, wanted: MachinesWanted): Promise<ExistingCluster> =>
  withCluster(place, async kube => {
    const { binary: version } = await readVersion(kube);
    const nodes = await listMachines(kube);
    const asked = new Set(wanted.names.flatMap(membersOf));
    const seen = await seeAll(
      nodes.filter(node => isControlPlane(node) || asked.has(node.name)),
      sshOf(place),
      wanted,
    );
    const controlPlanes = seen.filter(({ node }) => isControlPlane(node));
    return {
      cluster: clusterBlock(place, version, controlPlanes),
      pools: [
        ...wanted.names.flatMap(name => describePool(name, seen)),
        ...describeMade(nodes.filter(node => !asked.has(node.name))),
      ],
      problems: [
        ...controlPlanes.flatMap(machine => judgeControlPlane(machine, version)),
        ...(wanted.names.length === 0 ? judgeUnnamed(nodes) : []),
      ],
    };
  });

const membersOf = (name: string): readonly string[] => name.split(",");

const seeAll = (
  nodes: readonly ClusterNode[],
  ssh: SshRecipe,
  { addresses }: MachinesWanted,
): Promise<readonly SeenMachine[]> =>
  Promise.all(nodes.map(node => seeMachine(ssh, node, addresses[node.name])));

const judgeUnnamed = (nodes: readonly NodeView[]) => {
  const free = nodes.filter(node => !isControlPlane(node) && node.labels[LABEL.generation] === undefined);
  return free.length === 0 ? [] : [unnamed(free.map(({ name }) => name))];
};

const hostsOf = (machines: readonly SeenMachine[]): Readonly<Record<string, string>> =>
  Object.fromEntries(machines.map(({ node, address }) => [node.name, address]));

/** "1.35.8-1.1" is revision 1.1. */
const revisionOf = (image: string): string => image.slice(image.indexOf("-") + 1);

const DEFAULT_REVISION = "1.1";
const DEFAULT_USER = "root";

const clusterBlock = (
  { name, kubeconfig, context, ssh }: ConnectionRecipe,
  version: string,
  machines: readonly SeenMachine[],
): ExistingCluster["cluster"] => {
  const revision = mostCommon(
    machines.flatMap(({ facts }) => (facts?.kubelet ? [revisionOf(facts.kubelet)] : [])),
  );
  return {
    ...{ name, cloud: "kubeadm", version, kubeconfig },
    ...present("context", context),
    kubeadm: {
      controlPlanes: hostsOf(machines),
      ssh: { ...present("user", ssh?.user === DEFAULT_USER ? "" : ssh?.user), knownHosts: ssh?.knownHosts },
      ...(revision === "" || revision === DEFAULT_REVISION ? {} : { packages: { revision } }),
    },
  };
};

/** What nodes are born with, as far as a kubelet may say it; marks of a node's condition come and go. */
const bornWith = ({ labels, taints }: NodeView): object =>
  writeBornWith(
    Object.fromEntries(Object.entries(labels).filter(([key]) => mayBeOwn(key))),
    taints
      .filter(({ key }) => !key.startsWith("node.kubernetes.io/"))
      .map(({ key, value, effect }) => ({ key, ...present("value", value), effect })),
  );

const shapeOf = ({ node, facts }: SeenMachine): Readonly<Record<string, string>> => ({
  "the kubelet's package": facts?.kubelet ?? "",
  "labels and taints": JSON.stringify(bornWith(node)),
});

/** Generations of changeover's own, which nobody takes over. */
const describeMade = (nodes: readonly NodeView[]): readonly ExistingPool[] => {
  const generations = new Set(nodes.flatMap(({ labels }) => labels[LABEL.generation] ?? []));
  return [...generations].map(name => {
    const own = nodes.filter(({ labels }) => labels[LABEL.generation] === name);
    const version = (own[0]?.kubeletVersion ?? "").replace(/^v/, "");
    return { name, entry: { version }, nodes: own.map(node => node.name), made: true, problems: [] };
  });
};

/** None where all its nodes are gone. */
const describePool = (name: string, seen: readonly SeenMachine[]): readonly ExistingPool[] => {
  const members = membersOf(name);
  const machines = seen.filter(({ node }) => members.includes(node.name));
  const [first] = machines;
  if (first === undefined) return [];
  const gone = members.filter(member => !machines.some(({ node }) => node.name === member));
  const told = machines.filter(({ facts }) => facts !== undefined);
  return [
    {
      name,
      entry: {
        version: first.node.kubeletVersion.replace(/^v/, ""),
        size: { min: machines.length, max: machines.length },
        image: first.facts?.kubelet ?? "",
        hosts: hostsOf(machines),
        ...bornWith(first.node),
      },
      nodes: members,
      made: false,
      problems: [
        ...(gone.length === 0 ? [] : [noNode(name, gone)]),
        ...machines.flatMap(judgeWorker),
        ...judgeAlike(name, told.map(shapeOf)),
      ],
    },
  ];
};
