import type { Digest, Digests } from "./digest";

const compare = (
  name: string,
  live: Digest | undefined,
  restored: Digest | undefined,
): string | undefined => {
  if (live === undefined) return `${name}: only in the restored cluster (${restored?.count ?? 0} objects)`;
  if (restored === undefined) return `${name}: missing in the restored cluster (${live.count} objects live)`;
  if (live.count !== restored.count) return `${name}: ${live.count} objects live, ${restored.count} restored`;
  return live.hash === restored.hash
    ? undefined
    : `${name}: ${live.count} objects on both sides, but their content differs`;
};

/** One line per resource whose count or content differs, sorted; none = the same. */
export const describeDifferences = (live: Digests, restored: Digests): readonly string[] => {
  const names = [...new Set([...live.keys(), ...restored.keys()])].sort();
  return names
    .map(name => compare(name, live.get(name), restored.get(name)))
    .filter(line => line !== undefined);
};
