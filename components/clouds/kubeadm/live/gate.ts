import { LABEL } from "../../../../core/identity/names";
import { type Problem, ProblemError } from "../../../../core/problem";
import { type KubeClient, listNodes, type NodeView } from "../../../../kube";
import type { Findings } from "../../../../operations/ports";
import { readLedger } from "../../../../operations/ledger/store";
import type { KubeadmMachinesInputs } from "../protocol";
import { machinesOf, sshOf } from "./controlPlane";
import { toUpgrade } from "./inPlace";
import { inspectMachines } from "./inspect";
import { inviteMachines } from "./invite";
import { readKubeletConfig } from "./kubeletConfig";
import type { Machine } from "./ssh";

type Asked = Pick<
  KubeadmMachinesInputs,
  "connection" | "hosts" | "generation" | "pool" | "version" | "adopted" | "packages"
>;

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
export const findingsOf = async (kube: KubeClient, asked: Asked, signal: AbortSignal): Promise<Findings> => {
  const ssh = sshOf(asked.connection);
  const { packages } = asked;
  if (asked.generation === undefined) {
    const machines = await toUpgrade(kube, asked, signal);
    return inspectMachines({ ssh, signal, machines, packages });
  }
  if (await isOpened(kube, asked, signal)) return { blockers: [], warnings: [] };
  const machines = await toJoin(kube, asked, signal);
  const { generation, adopted } = asked;
  const named = (await nodesOf(kube, machines, signal))
    .filter(node => adopted !== true || !isNobodys(node))
    .map(node => nameTaken(node, generation));
  const kubelet = machines.length === 0 ? undefined : await readKubeletConfig(kube, signal);
  const found = await inspectMachines({ ssh, signal, machines, generation, adopted, packages, kubelet });
  return { blockers: [...named, ...found.blockers], warnings: found.warnings };
};

const isNobodys = ({ labels }: NodeView): boolean => labels[LABEL.generation] === undefined;

/** Nodes that the cluster has under these names. */
const nodesOf = async (
  kube: KubeClient,
  machines: readonly Machine[],
  signal: AbortSignal,
): Promise<readonly NodeView[]> => {
  const wanted = new Set(machines.map(({ node }) => node));
  return (await listNodes(kube, { signal })).filter(({ name }) => wanted.has(name));
};

const nameTaken = ({ name, labels }: NodeView, generation: string): Problem => ({
  code: "Kubeadm.NodeThere",
  path: `hosts.${name}`,
  message: `the cluster has a node ${name} already, of ${labels[LABEL.generation] ?? "no generation"}, and ${generation} wants to join under that name`,
  fix: "list another machine, or remove the Node object if its machine is gone",
});

const notLabelled = ({ name }: NodeView): Problem => ({
  code: "Kubeadm.NotLabelled",
  path: `hosts.${name}`,
  message: `${name} is to be taken over and its node bears no generation yet; gates would wait for it in vain`,
  fix: "run `changeover adopt --write`, which labels it, then `pulumi up` again; nothing was changed",
});

/** @returns the machines that were invited. */
export const invite = async (
  kube: KubeClient,
  asked: Asked,
  signal: AbortSignal,
): Promise<readonly string[]> => {
  if (asked.generation === undefined || (await isOpened(kube, asked, signal))) return [];
  const machines = await toJoin(kube, asked, signal);
  const there = await nodesOf(kube, machines, signal);
  if (asked.adopted === true && there.length > 0)
    throw new ProblemError("nodes are not labelled", there.map(notLabelled));
  await inviteMachines({ ssh: sshOf(asked.connection), signal }, machines);
  return machines.map(({ node }) => node);
};
