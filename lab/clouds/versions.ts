/** "1.36.4" or "1.36.4-gke.1000000" as numbers, the way clouds order versions. */
const parts = (version: string): readonly number[] => version.split(/\.|-gke\./).map(Number);

export const minorsBetween = (from: string, to: string): number =>
  (parts(to)[1] ?? 0) - (parts(from)[1] ?? 0);

/** Above 0 where `a` is newer; what one of them leaves open counts as equal. */
export const compareVersions = (a: string, b: string): number => {
  const other = parts(b);
  const differing = parts(a).map((part, index) => part - (other[index] ?? part));
  return differing.find(difference => difference !== 0) ?? 0;
};
