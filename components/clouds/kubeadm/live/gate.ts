import { LABEL } from "../../../../core/identity/names";
import type { Problem } from "../../../../core/problem";
import { type KubeClient, listNodes, type NodeView, readVersion } from "../../../../kube";
import { readLedger } from "../../../../operations/ledger/store";
import type { KubeadmMachinesInputs } from "../protocol";
import { machinesOf, sshOf } from "./controlPlane";
import { inspectMachines } from "./inspect";
import { inviteMachines } from "./invite";
import type { Machine } from "./ssh";

type Asked = Pick<KubeadmMachinesInputs, "connection" | "hosts" | "generation" | "pool" | "version">;

const ofGeneration = (node: NodeView, generation: string): boolean =>
  node.labels[LABEL.generation] === generation;

/** Machines of a generation that have not joined yet. */
export const toJoin = async (
  kube: KubeClient,
  { hosts, generation = "" }: Asked,
  signal: AbortSignal,
): Promise<readonly Machine[]> => {
  const nodes = await listNodes(kube, { signal });
  const joined = new Set(nodes.filter(node => ofGeneration(node, generation)).map(({ name }) => name));
  return machinesOf(hosts).filter(({ node }) => !joined.has(node));
};

/** A generation that has taken over is complete: a machine that failed later is nobody's to invite. */
export const isOpened = async (
  kube: KubeClient,
  { pool = "", generation }: Asked,
  signal: AbortSignal,
): Promise<boolean> => (await readLedger(kube, signal)).pools[pool]?.active === generation;

/** Everything that stands in the way of what is about to be done on the machines; nothing where nothing is. */
export const problemsOf = async (
  kube: KubeClient,
  asked: Asked,
  signal: AbortSignal,
): Promise<readonly Problem[]> => {
  const ssh = sshOf(asked.connection);
  if (asked.generation === undefined) {
    const { binary } = await readVersion(kube, { signal });
    const machines = binary === asked.version ? [] : machinesOf(asked.hosts);
    return inspectMachines({ ssh, signal, machines });
  }
  if (await isOpened(kube, asked, signal)) return [];
  const machines = await toJoin(kube, asked, signal);
  const named = await takenNames(kube, { machines, generation: asked.generation }, signal);
  return [...named, ...(await inspectMachines({ ssh, signal, machines, generation: asked.generation }))];
};

const takenNames = async (
  kube: KubeClient,
  { machines, generation }: { readonly machines: readonly Machine[]; readonly generation: string },
  signal: AbortSignal,
): Promise<readonly Problem[]> => {
  const wanted = new Set(machines.map(({ node }) => node));
  const nodes = await listNodes(kube, { signal });
  return nodes.filter(({ name }) => wanted.has(name)).map(node => nameTaken(node, generation));
};

const nameTaken = ({ name, labels }: NodeView, generation: string): Problem => ({
  code: "Kubeadm.NodeThere",
  path: `hosts.${name}`,
  message: `the cluster has a node ${name} already, of ${labels[LABEL.generation] ?? "no generation"}, and ${generation} wants to join under that name`,
  fix: "list another machine, or remove the Node object if its machine is gone",
});

/** @returns the machines that were invited. */
export const invite = async (
  kube: KubeClient,
  asked: Asked,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  if (asked.generation === undefined || (await isOpened(kube, asked, signal))) return [];
  const machines = await toJoin(kube, asked, signal);
  await inviteMachines({ ssh: sshOf(asked.connection), signal }, machines);
  return machines.map(({ node }) => node);
};
