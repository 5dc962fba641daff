import type { Taint, Toleration } from "./facts";

const tolerates = (toleration: Toleration, taint: Taint): boolean => {
  if (toleration.effect !== undefined && toleration.effect !== "" && toleration.effect !== taint.effect) return false;
  const anyKey = toleration.key === undefined || toleration.key === "";
  if (anyKey) return toleration.operator === "Exists";
  if (toleration.key !== taint.key) return false;
  return toleration.operator === "Exists" || (toleration.value ?? "") === (taint.value ?? "");
};

export const toleratesTaint = (tolerations: readonly Toleration[], taint: Taint): boolean =>
  tolerations.some(toleration => tolerates(toleration, taint));

/** The taints that keep a pod with these tolerations off a node. PreferNoSchedule never does. */
export const repellingTaints = (tolerations: readonly Toleration[], taints: readonly Taint[]): readonly Taint[] =>
  taints.filter(taint => taint.effect !== "PreferNoSchedule" && !toleratesTaint(tolerations, taint));
