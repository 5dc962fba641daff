import type { WrittenNode } from "../../core/drain/greenNodes";
import { LABEL } from "../../core/identity/names";
import type { CsiNodeView } from "../../kube";

type Limits = Readonly<Record<string, number>>;

/** How many volumes of each driver a node takes: Infinity = any number, absent = not known. */
export interface KnownLimits {
  readonly ofNode: (node: WrittenNode, bound: "sure" | "most") => Limits;
  /** Of nodes that look like these: the least or the most that nodes of their kind take now. */
  readonly ofComing: (looks: readonly WrittenNode[], bound: "sure" | "most") => Limits;
}

type Labels = WrittenNode["labels"];

/** The machine type; where nothing says it, the pool. */
export const kindOf = (labels: Labels): string =>
  labels["node.kubernetes.io/instance-type"] ??
  labels["beta.kubernetes.io/instance-type"] ??
  `machines as in pool ${labels[LABEL.pool] ?? "(none)"}`;

/** A driver that runs on a node without a limit takes any number there (storage.k8s.io/v1, VolumeNodeResources.count). */
const limitsOn = ({ drivers, limits }: CsiNodeView): Limits =>
  Object.fromEntries(drivers.map(driver => [driver, limits[driver] ?? Infinity]));

/**
 * Drivers tell limits only of nodes that are there. Nodes of one kind may differ by what else hangs on them (EBS shares
 * its slots with network interfaces: https://docs.aws.amazon.com/ebs/latest/userguide/volume_limits.html).
 */
export const limitsByKind = (
  nodes: readonly WrittenNode[],
  csiNodes: readonly CsiNodeView[],
): KnownLimits => {
  const kinds = new Map(nodes.map(({ name, labels }) => [name, kindOf(labels)]));
  const own = new Map(csiNodes.map(csiNode => [csiNode.name, limitsOn(csiNode)]));
  const ofKind = (kind: string, bound: "sure" | "most"): Limits =>
    [...own]
      .filter(([name]) => kinds.get(name) === kind)
      .map(([, limits]) => limits)
      .reduce(joined(bound), {});
  return {
    // A node that has just joined does not run every driver yet.
    ofNode: (node, bound) => ({ ...ofKind(kindOf(node.labels), bound), ...own.get(node.name) }),
    ofComing: (looks, bound) => {
      const each = [...new Set(looks.map(({ labels }) => kindOf(labels)))].map(kind => ofKind(kind, bound));
      const known = (each[0] === undefined ? [] : Object.keys(each[0])).filter(driver =>
        each.every(limits => limits[driver] !== undefined),
      );
      const joint = each.reduce(joined(bound), {});
      return Object.fromEntries(known.map(driver => [driver, joint[driver] ?? 0]));
    },
  };
};

const joined =
  (bound: "sure" | "most") =>
  (a: Limits, b: Limits): Limits => {
    const pick = bound === "sure" ? Math.min : Math.max;
    const drivers = [...new Set([...Object.keys(a), ...Object.keys(b)])];
    return Object.fromEntries(
      drivers.map(driver => [driver, pick(a[driver] ?? b[driver] ?? 0, b[driver] ?? a[driver] ?? 0)]),
    );
  };
