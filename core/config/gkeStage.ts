import { compareMinor, parseKubeVersion } from "../version/kubeVersion";
import { describeDuration } from "./duration";
import type { GkeSpec } from "./gke";
import type { Refusal } from "./refusal";

const HOUR = 3_600;
const [LEAST, MOST] = [6 * HOUR, 7 * 24 * HOUR];

/** The first minor that GKE upgrades to in two steps. */
const FIRST = { major: 1, minor: 33 };

const TWO_STEP_URL = "https://docs.cloud.google.com/kubernetes-engine/docs/how-to/upgrading-a-cluster";

type Refused = Refusal & { readonly path: readonly string[] };

/** How long the way back stays open where config does not say: as long as GKE lets it. */
export const soakOf = (gke: Pick<GkeSpec, "soak"> | undefined): number => gke?.soak ?? MOST;

/** GKE's own bounds of a two-step upgrade. */
export const checkTwoSteps = (cluster: {
  readonly version: string;
  readonly stage: string;
  readonly gke?: GkeSpec | undefined;
}): readonly Refused[] => [...checkSoak(cluster.gke?.soak), ...checkMinor(cluster)];

const checkSoak = (soak: number | undefined): readonly Refused[] =>
  soak === undefined || (soak >= LEAST && soak <= MOST)
    ? []
    : [
        {
          path: ["gke", "soak"],
          code: "Gke.Soak",
          message: `found "${describeDuration(soak)}"; GKE keeps the way back of a control plane open for 6h to 7d (${TWO_STEP_URL})`,
          fix: "write 6h to 7d, or remove it: it is 7d then",
        },
      ];

const checkMinor = ({ version, stage }: Parameters<typeof checkTwoSteps>[0]): readonly Refused[] => {
  const read = parseKubeVersion(version);
  if (stage === "final" || !read.ok || compareMinor(read.value, FIRST) >= 0) return [];
  return [
    {
      path: ["stage"],
      code: "Gke.OneStepOnly",
      message: `found "${stage}" with version "${version}"; GKE upgrades in two steps to 1.33 and newer (${TWO_STEP_URL})`,
      fix: "remove cluster.stage for this minor",
    },
  ];
};
