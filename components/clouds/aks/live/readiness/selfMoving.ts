import type { Problem } from "../../../../../core/problem";
import { matchesVersion } from "../../../../../core/version/kubeVersion";
import type { WantedAtCloud } from "../../../../../operations/ports";
import type { Findings } from "../../../shared/live/sideBySide";
import type { AksCluster } from "./question";

const CLUSTER_URL = "https://learn.microsoft.com/azure/aks/auto-upgrade-cluster";
const NODES_URL = "https://learn.microsoft.com/azure/aks/auto-upgrade-node-os-image";

/**
 * What AKS does by itself while a run goes on. AKS Automatic and node auto-provisioning are refused when the cluster is
 * opened (access.ts). Both channels are off in what the program states, so an upgrade of the control plane turns them
 * off before a pool moves; where only pools move nothing does.
 */
export const judgeSelfMoving = (wanted: WantedAtCloud, { properties = {} }: AksCluster): Findings => {
  const { nodeOSUpgradeChannel } = properties.autoUpgradeProfile ?? {};
  const turnsOff = !matchesVersion(wanted.live ?? "", wanted.cluster.version);
  const moving = checkChannels(properties.autoUpgradeProfile);
  const patching = nodeOSUpgradeChannel === "Unmanaged" ? [patchesItself()] : [];
  return turnsOff
    ? { blockers: [], warnings: [...moving.map(endsWithUpgrade), ...patching] }
    : { blockers: moving, warnings: patching };
};

type Channels = NonNullable<NonNullable<AksCluster["properties"]>["autoUpgradeProfile"]>;

/** Also asked before a cluster is taken over. */
export const checkChannels = ({
  upgradeChannel,
  nodeOSUpgradeChannel,
}: Channels = {}): readonly Problem[] => [
  ...checkChannel(upgradeChannel),
  ...checkNodeChannel(nodeOSUpgradeChannel),
];

const isOff = (channel = "none"): boolean => channel.toLowerCase() === "none";

const checkChannel = (channel: string | undefined): readonly Problem[] =>
  isOff(channel)
    ? []
    : [
        {
          code: "Aks.UpgradesItself",
          path: "cluster.name",
          message: `its upgrade channel is "${channel ?? ""}": AKS upgrades control plane and pools by itself, past every gate`,
          fix: "turn it off: az aks update --auto-upgrade-channel none",
          source: CLUSTER_URL,
        },
      ];

const IMAGE_CHANNELS: readonly string[] = ["NodeImage", "SecurityPatch"];

const checkNodeChannel = (channel = "None"): readonly Problem[] =>
  !IMAGE_CHANNELS.includes(channel)
    ? []
    : [
        {
          code: "Aks.ReimagesNodes",
          path: "cluster.name",
          message: `its node OS upgrade channel is "${channel}": AKS drains nodes for other images by itself, past every gate`,
          fix: "turn it off: az aks update --node-os-upgrade-channel None",
          source: NODES_URL,
        },
      ];

const endsWithUpgrade = (problem: Problem): Problem => ({
  ...problem,
  fix: `${problem.fix}; else this \`pulumi up\` does, with the upgrade of the control plane`,
});

/** Ubuntu's own unattended upgrades: packages change, no node is drained or restarted by AKS. */
const patchesItself = (): Problem => ({
  code: "Aks.NodesPatchThemselves",
  path: "cluster.name",
  message:
    'its node OS upgrade channel is "Unmanaged": packages of its nodes change by themselves, so they are not what the image says',
  fix: "turn it off: az aks update --node-os-upgrade-channel None",
  source: NODES_URL,
});
