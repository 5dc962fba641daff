import { LABEL, RESERVED_PREFIX } from "../identity/names";
import type { Taint } from "./facts";
import type { Labels } from "./labels";

/** A node as far as placing pods goes by what is written on it. */
export interface WrittenNode {
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
}

/** What config says of the nodes that a pool shall run on. */
export interface ComingPool {
  readonly name: string;
  readonly generation: string;
  readonly machine?: string | undefined;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
}

/** No node that is there has this value, and what a green node will have instead is not known. */
const ANOTHER = "(another)";

/**
 * Labels whose value is the node's or its pool's own at the cloud, so that green has another.
 * eks: https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html and eksctl's, gke:
 * https://docs.cloud.google.com/kubernetes-engine/docs/concepts/node-pools, aks:
 * https://learn.microsoft.com/azure/aks/use-labels, karpenter: https://karpenter.sh/docs/concepts/nodepools/
 */
const OWN = [
  "kubernetes.io/hostname",
  "eks.amazonaws.com/nodegroup",
  "eks.amazonaws.com/nodegroup-image",
  "eks.amazonaws.com/sourceLaunchTemplateId",
  "eks.amazonaws.com/sourceLaunchTemplateVersion",
  "alpha.eksctl.io/nodegroup-name",
  "cloud.google.com/gke-nodepool",
  "agentpool",
  "kubernetes.azure.com/agentpool",
  "kubernetes.azure.com/node-image-version",
  "karpenter.sh/nodepool",
];

const MACHINE = ["node.kubernetes.io/instance-type", "beta.kubernetes.io/instance-type"];

/** Written by a person, by hand or in config: what controllers and clouds write has a prefix. */
const isByHand = (key: string): boolean => !key.includes("/") && !OWN.includes(key);

/**
 * The node of green that takes the place of a node of blue, as far as it can be told before it is there: what is not
 * known to change stays. `withHand`: labels without a prefix that config does not name are taken to stay, too.
 */
export const greenLike = (
  blue: WrittenNode,
  pool: ComingPool,
  { withHand }: { readonly withHand: boolean },
): WrittenNode => {
  const kept = Object.entries(blue.labels).filter(([key]) => withHand || !isByHand(key));
  const own = kept.filter(([key]) => OWN.includes(key)).map(([key]) => [key, ANOTHER] as const);
  const machine = pool.machine;
  const machines = kept
    .filter(([key]) => MACHINE.includes(key) && machine !== undefined)
    .map(([key]) => [key, machine ?? ""] as const);
  return {
    name: ANOTHER,
    labels: {
      ...Object.fromEntries([...kept, ...own, ...machines]),
      ...pool.labels,
      [LABEL.pool]: pool.name,
      [LABEL.generation]: pool.generation,
    },
    taints: pool.taints,
  };
};

/** A node that stays, without the marks that come and go: ours, and that of a cordon. */
export const restingNode = (node: WrittenNode): WrittenNode => ({
  ...node,
  taints: node.taints.filter(
    ({ key }) => !key.startsWith(RESERVED_PREFIX) && key !== "node.kubernetes.io/unschedulable",
  ),
});
