import type { CLOUDS } from "./cluster";

/** Families with a "g" after their number have Graviton processors: m7g, c6gn, t4g, im4gn, g5g. */
const GRAVITON = /^[a-z-]+\d+g/;

/** https://docs.cloud.google.com/compute/docs/instances/arm-on-compute */
const GOOGLES = /^(?:t2a|c4a|n4a|a4x)-/;

/** A "p" among the features after the number: https://learn.microsoft.com/azure/virtual-machines/vm-naming-conventions */
const AZURES = /^Standard_[A-Z]+\d+(?:-\d+)?[a-z]*p[a-z]*(?:_|$)/;

const ARM: Readonly<Partial<Record<(typeof CLOUDS)[number], RegExp>>> = {
  eks: GRAVITON,
  gke: GOOGLES,
  aks: AZURES,
};

/** As kubernetes.io/arch says it; undefined where a machine's name does not tell. */
export const architectureOf = (
  cloud: (typeof CLOUDS)[number],
  machine: string | undefined,
): "amd64" | "arm64" | undefined => {
  const arm = ARM[cloud];
  if (arm === undefined || machine === undefined) return undefined;
  return arm.test(machine) ? "arm64" : "amd64";
};
