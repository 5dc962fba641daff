/** What a cluster has of one thing that traffic needs. */
export interface Carried {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Replicas it wants and replicas that serve; absent where it has none. */
  readonly replicas?: { readonly wanted: number; readonly serving: number };
  /** What it still waits for by itself: "an address", "its volume". */
  readonly waits?: string;
  /** Starts work by the clock, wherever it is. */
  readonly recurs?: boolean;
}

export const nameOf = ({ kind, namespace, name }: Carried): string => `${kind} ${namespace}/${name}`;

/** What serves on blue while it carries everything: the measure of each later step, whatever autoscalers do meanwhile. */
export const demandOf = (inventory: readonly Carried[]): Record<string, number> =>
  Object.fromEntries(
    inventory.flatMap(item =>
      item.kind === "DaemonSet" || item.replicas === undefined ? [] : [[nameOf(item), item.replicas.serving]],
    ),
  );

export interface Share {
  /** Percent of the traffic that the side shall carry. */
  readonly percent: number;
  readonly demand: Readonly<Record<string, number>>;
}

/** What a side lacks to carry its share, as sorted words; nothing = it may be given it. */
export const lacking = (
  must: readonly string[],
  found: readonly Carried[],
  { percent, demand }: Share,
): readonly string[] => {
  if (percent === 0) return [];
  const byName = new Map(found.map(item => [nameOf(item), item]));
  const missing = must.filter(name => !byName.has(name)).map(name => `${name} to be there`);
  const unready = found.flatMap(item => unreadyOf(item, (percent / 100) * (demand[nameOf(item)] ?? 0)));
  return [...missing, ...unready].sort();
};

/** What starts work by the clock on both sides, and so does it twice. */
export const twice = (blue: readonly Carried[], green: readonly Carried[]): readonly string[] => {
  const there = new Set(green.filter(({ recurs }) => recurs).map(nameOf));
  return blue
    .filter(({ recurs }) => recurs)
    .map(nameOf)
    .filter(name => there.has(name))
    .sort();
};

/** Its own wish, and no fewer than the share of what blue had. */
const unreadyOf = (item: Carried, needed: number): readonly string[] => {
  const { replicas, waits } = item;
  if (waits !== undefined) return [`${nameOf(item)} to have ${waits}`];
  if (replicas === undefined) return [];
  const least = Math.max(replicas.wanted, Math.ceil(needed));
  if (replicas.serving >= least) return [];
  return [
    least > replicas.wanted
      ? `${nameOf(item)} to serve ${String(least)} replicas, its share of what blue had (it wants ${String(replicas.wanted)}, ${String(replicas.serving)} serve: scale it up)`
      : `${nameOf(item)} to serve ${String(least)} replicas (${String(replicas.serving)} do)`,
  ];
};
