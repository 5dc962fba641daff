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
  /** As config writes them; none = wherever blue is. */
  readonly zones: readonly string[];
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  /** What the cloud writes because of config; undefined = no such label. */
  readonly written: Readonly<Record<string, string | undefined>>;
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

/** The zone a node is in, by the cloud and by those who attach volumes. */
const ZONE = [
  "topology.kubernetes.io/zone",
  "failure-domain.beta.kubernetes.io/zone",
  "topology.ebs.csi.aws.com/zone",
  "topology.gke.io/zone",
  "topology.disk.csi.azure.com/zone",
];

/** A name of its own for the zone: https://docs.aws.amazon.com/eks/latest/userguide/node-topology-labels.html. */
const ZONE_ID = "topology.k8s.aws/zone-id";

/** Written by a person, by hand or in config: what controllers and clouds write has a prefix. */
const isByHand = (key: string): boolean => !key.includes("/") && !OWN.includes(key);

/** Config says the end of a zone's name: "a" of eu-west-1a and europe-west1-a, "1" of westeurope-1. */
const inZone = (found: string, zone: string): string => `${found.slice(0, -zone.length)}${zone}`;

const movedTo = (labels: Labels, zone: string): Labels => {
  const moved = ZONE.filter(key => labels[key] !== undefined && !labels[key].endsWith(zone));
  if (moved.length === 0) return labels;
  return {
    ...labels,
    ...Object.fromEntries(moved.map(key => [key, inZone(labels[key] ?? "", zone)])),
    ...(labels[ZONE_ID] === undefined ? {} : { [ZONE_ID]: ANOTHER }),
  };
};

/**
 * The nodes of green that may take the place of a node of blue, one for each zone of the pool, as far as they can be told
 * before they are there: what is not known to change stays. `withHand`: labels without a prefix that config does not name
 * are taken to stay, too.
 */
export const greenLike = (
  blue: WrittenNode,
  pool: ComingPool,
  { withHand }: { readonly withHand: boolean },
): readonly WrittenNode[] => {
  const labels = greenLabels(blue, pool, withHand);
  const zones = pool.zones.length === 0 ? [labels] : pool.zones.map(zone => movedTo(labels, zone));
  return zones.map(inIt => ({ name: ANOTHER, labels: inIt, taints: pool.taints }));
};

const greenLabels = (blue: WrittenNode, pool: ComingPool, withHand: boolean): Labels => {
  const kept = Object.entries(blue.labels).filter(([key]) => withHand || !isByHand(key));
  const own = kept.filter(([key]) => OWN.includes(key)).map(([key]) => [key, ANOTHER] as const);
  const { machine } = pool;
  const machines = kept.filter(([key]) => MACHINE.includes(key) && machine !== undefined);
  const written: Readonly<Record<string, string | undefined>> = {
    ...Object.fromEntries([...kept, ...own, ...machines.map(([key]) => [key, machine ?? ""] as const)]),
    ...pool.written,
    ...pool.labels,
    [LABEL.pool]: pool.name,
    [LABEL.generation]: pool.generation,
  };
  return Object.fromEntries(
    Object.entries(written).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  );
};

/** A node that stays, without the marks that come and go: ours, and that of a cordon. */
export const restingNode = (node: WrittenNode): WrittenNode => ({
  ...node,
  taints: node.taints.filter(
    ({ key }) => !key.startsWith(RESERVED_PREFIX) && key !== "node.kubernetes.io/unschedulable",
  ),
});
