import type { Taint, Toleration } from "./facts";

const isBlank = (text: string | undefined): boolean => text === undefined || text === "";

const matchesEffect = ({ effect }: Toleration, taint: Taint): boolean =>
  isBlank(effect) || effect === taint.effect;

const tolerates = (toleration: Toleration, taint: Taint): boolean => {
  if (!matchesEffect(toleration, taint)) return false;
  const exists = toleration.operator === "Exists";
  if (isBlank(toleration.key)) return exists;
  return toleration.key === taint.key && (exists || (toleration.value ?? "") === (taint.value ?? ""));
};

export const toleratesTaint = (tolerations: readonly Toleration[], taint: Taint): boolean =>
  tolerations.some(toleration => tolerates(toleration, taint));

/** The taints that keep a pod with these tolerations off a node. PreferNoSchedule never does. */
export const repellingTaints = (
  tolerations: readonly Toleration[],
  taints: readonly Taint[],
): readonly Taint[] =>
  taints.filter(taint => taint.effect !== "PreferNoSchedule" && !toleratesTaint(tolerations, taint));
