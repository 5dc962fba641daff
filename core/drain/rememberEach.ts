/** The same reading, made once for each object and kept for as long as that lives. The object must not change. */
export const rememberEach = <K extends object, V extends object | string>(
  read: (key: K) => V,
): ((key: K) => V) => {
  const known = new WeakMap<K, V>();
  return key => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const value = read(key);
    known.set(key, value);
    return value;
  };
};
