import type { OwnerRef } from "./meta";

/** More owners than one cluster has at a time: Jobs come and go. */
const MOST_SAMPLES = 10_000;

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

const areAlike = (value: unknown, sample: unknown): boolean =>
  isFields(value) && isFields(sample) && Array.isArray(value) === Array.isArray(sample);

/** The sample where both are equal; otherwise the value, with every equal part of it taken from the sample. */
const liken = (value: unknown, sample: unknown): unknown => {
  // Equal texts may be two copies.
  if (value === sample) return sample;
  if (!areAlike(value, sample)) return value;
  const [mine, theirs] = [value as Fields, sample as Fields];
  const keys = Object.keys(mine);
  let same = keys.length === Object.keys(theirs).length;
  for (const key of keys) {
    mine[key] = liken(mine[key], theirs[key]);
    same &&= mine[key] === theirs[key] && Object.hasOwn(theirs, key);
  }
  return same ? theirs : mine;
};

/**
 * The same projection, but objects of one owner share what is equal in them: labels, annotations, tolerations, owner,
 * texts. The pods of a ReplicaSet differ in little, and parsing makes a copy of everything for each.
 */
export const likeSiblings = <T extends { readonly owner?: Pick<OwnerRef, "uid"> | undefined }>(
  project: (raw: unknown) => T,
): ((raw: unknown) => T) => {
  const samples = new Map<string, T>();
  return raw => {
    const object = project(raw);
    if (object.owner === undefined) return object;
    const { uid } = object.owner;
    const sample = samples.get(uid);
    if (sample !== undefined) return liken(object, sample) as T;
    if (samples.size >= MOST_SAMPLES) samples.clear();
    samples.set(uid, object);
    return object;
  };
};
