/*
 * The certificate library's container asks for the metadata part of `Reflect`, which no JavaScript engine has and the
 * library does not bring along. These three calls are all it makes. A real polyfill that is already there stays.
 */
type Calls = Record<"defineMetadata" | "getOwnMetadata" | "getMetadata", unknown>;

const known = new WeakMap<object, Map<unknown, unknown>>();

const ownOf = (target: object): Map<unknown, unknown> => {
  const found = known.get(target) ?? new Map<unknown, unknown>();
  known.set(target, found);
  return found;
};

const lookUp = (key: unknown, target: object): unknown => {
  for (let at: object | null = target; at !== null; at = Reflect.getPrototypeOf(at))
    if (known.get(at)?.has(key) === true) return known.get(at)?.get(key);
  return undefined;
};

const calls: Calls = {
  defineMetadata: (key: unknown, value: unknown, target: object) => void ownOf(target).set(key, value),
  getOwnMetadata: (key: unknown, target: object) => known.get(target)?.get(key),
  getMetadata: lookUp,
};

if (!("getMetadata" in Reflect)) Object.assign(Reflect, calls);
