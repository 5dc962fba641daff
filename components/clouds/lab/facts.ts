import type { CloudFacts } from "../contract";

/** The lab runs the upstream components, so upstream's skew policy holds. */
export const labFacts: CloudFacts = { kubeletMayTrail: 3, controlPlaneBack: "emulated" };
