import { parseGkeImage } from "../../../../../core/config";
import type { Problem } from "../../../../../core/problem";
import { matchesVersion } from "../../../../../core/version/kubeVersion";
import type { WantedAtCloud } from "../../../../../operations/ports";
import type { Findings } from "../../../shared/live/sideBySide";
import { isOf, nearestTo, type Offered } from "../offered";

const RELEASES_URL = "https://docs.cloud.google.com/kubernetes-engine/docs/release-notes";

/**
 * What has somewhere to go must be offered; what is there already may be older than all that is, and so may be what a
 * control plane goes back to.
 */
export const judgeVersions = (wanted: WantedAtCloud, offered: Offered, goesBack: boolean): Findings => ({
  blockers: [
    ...(goesBack ? [] : checkControlPlane(wanted, offered.masters)),
    ...checkNodes(wanted, offered.nodes),
  ],
  warnings: [],
});

const checkControlPlane = (
  { live, cluster, connection }: WantedAtCloud,
  masters: readonly string[],
): readonly Problem[] => {
  const stays = live !== undefined && matchesVersion(live, cluster.version);
  if (stays || masters.some(one => isOf(one, cluster.version))) return [];
  return [
    {
      code: "Gke.VersionNotOffered",
      path: "cluster.version",
      message: `found "${cluster.version}"; GKE offers no control plane of it in ${connection.region ?? ""}`,
      fix: `choose an offered version, the nearest is ${nearestTo(cluster.version, masters)}`,
      source: RELEASES_URL,
    },
  ];
};

/** The version in an image is the one that a node pool is asked for. */
const checkNodes = ({ toCome, connection }: WantedAtCloud, nodes: readonly string[]): readonly Problem[] =>
  toCome.flatMap(({ pool, spec }) => {
    const { version } = parseGkeImage(spec.image ?? "");
    if (nodes.some(one => isOf(one, version))) return [];
    return [
      {
        code: "Gke.ImageNotOffered",
        path: `pools.${pool}.image`,
        message: `found "${spec.image ?? ""}"; GKE offers no node version ${version} in ${connection.region ?? ""}`,
        fix: `choose an offered one, the nearest is ${nearestTo(version, nodes)}; \`changeover pin\` writes it`,
        source: RELEASES_URL,
      },
    ];
  });
