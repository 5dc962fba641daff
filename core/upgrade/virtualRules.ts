import type { Problem } from "../problem";
import { compareMinor, minorText } from "../version/kubeVersion";
import type { ObservedNode } from "./cluster";
import type { Rule, Situation } from "./situation";
import { list } from "./skewRules";

const VIRTUAL_KUBELET_URL =
  "https://github.com/virtual-kubelet/virtual-kubelet/blob/v0.10.0/cmd/virtual-kubelet/commands/root/node.go";

/**
 * A virtual node is an API of somebody's behind a Node object. Its version is the Kubernetes its provider was compiled
 * with (virtual-kubelet/azure-aci says "v1.19.10-vk-azure-aci-1.4.8" on clusters of 1.24), so the skew rule, which is
 * about kubelets, would refuse every upgrade. What it really goes with can't be asked: that is said, not guessed.
 */
export const virtualNodesStay: Rule = situation => {
  const virtual = situation.observed.nodes.filter(node => node.virtual === true);
  const claimed = virtual.filter(({ pool }) => pool !== undefined);
  return { blockers: claimed.map(inPool), warnings: unknown(situation, virtual) };
};

/** Emptied, counted as a machine and given back: none of that can be done to it. */
const inPool = ({ name, pool = "" }: ObservedNode): Problem => ({
  code: "Pool.VirtualNode",
  path: `pools.${pool}`,
  message: `${name} is a virtual node (virtual-kubelet) and bears the label changeover.dev/pool=${pool}; no pool can count or empty it`,
  fix: `take the label away where its provider sets it, and \`kubectl label node ${name} changeover.dev/pool- changeover.dev/generation-\``,
});

const unknown = ({ live, target }: Situation, virtual: readonly ObservedNode[]): readonly Problem[] => {
  if (live === undefined || virtual.length === 0 || compareMinor(live.served, target.served) === 0) return [];
  const names = list(virtual.map(({ name, kubelet }) => `${name} (${kubelet})`));
  return [
    {
      code: "Skew.VirtualNode",
      path: "cluster.version",
      message: `${names}: whether this virtual kubelet goes with ${minorText(target.served)} can't be told from the version it reports; it is not judged by the kubelet's skew, and what runs there stays`,
      fix: "look up in its provider's release notes what it was tested with, and upgrade the provider first where it says so",
      source: VIRTUAL_KUBELET_URL,
    },
  ];
};
