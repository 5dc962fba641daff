/** The lab runs the upstream components, so upstream's skew policy holds. */
export const labFacts = { kubeletMayTrail: 3, controlPlaneBack: "emulated" } as const;
