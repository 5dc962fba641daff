/**
 * What is true of GKE whatever the cluster. Skew: docs.cloud.google.com/kubernetes-engine/versioning, "nodes can be no
 * more than two minor versions older". A control plane goes back while the first step of a two-step upgrade soaks.
 */
export const gkeFacts = { kubeletMayTrail: 2, controlPlaneBack: "emulated" } as const;

export const TWO_STEP_URL = "https://docs.cloud.google.com/kubernetes-engine/docs/how-to/upgrading-a-cluster";

/**
 * At most 40 lower-case letters, digits and "-", and a letter first. A generation's id is never longer than 32; one of
 * a pool that begins with a digit gets a letter before it.
 */
export const nodePoolName = (generation: string): string =>
  /^[a-z]/.test(generation) ? generation : `p-${generation}`;

/** The general image; GPUs, Ubuntu and others are named in the image: TYPE/VERSION. */
export const IMAGE_TYPE = "COS_CONTAINERD";

/** GKE's own words for the effect of a taint. */
export const EFFECT = {
  NoSchedule: "NO_SCHEDULE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
} as const;

/** GKE's own name of a cluster, as its API and its provider's import take it. */
export const clusterPath = (place: {
  readonly name: string;
  readonly project?: string | undefined;
  readonly region?: string | undefined;
}): string => `projects/${place.project ?? ""}/locations/${place.region ?? ""}/clusters/${place.name}`;
