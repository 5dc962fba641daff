/**
 * New sizes of a pool's groups, one in each zone, for a total: grows the smallest, shrinks the largest, and touches no
 * more than it must. GKE's own setSize can't say it: it counts per zone.
 */
export const spread = (sizes: readonly number[], total: number): readonly number[] => {
  if (sizes.length === 0) throw new Error("a pool without groups has no sizes");
  const next = [...sizes];
  const step = Math.sign(total - sum(next));
  for (let left = Math.abs(total - sum(next)); left > 0; left -= 1) {
    const pick = step > 0 ? Math.min(...next) : Math.max(...next);
    next[next.indexOf(pick)] = pick + step;
  }
  return next;
};

export const sum = (sizes: readonly number[]): number => sizes.reduce((total, one) => total + one, 0);
