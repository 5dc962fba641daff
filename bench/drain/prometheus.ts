/** One line of a Prometheus page. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Only the wanted metrics: a page of an API server has thousands of lines. */
export const parseSamples = (lines: readonly string[], wanted: readonly string[]): readonly Sample[] =>
  lines.flatMap(line => {
    if (!wanted.some(name => line.startsWith(name))) return [];
    const [, name, labels = "", value] = LINE.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(LABEL)].map(([, key = "", text = ""]) => [key, text] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });

export const sumOf = (samples: readonly Sample[], isMeant: (sample: Sample) => boolean): number =>
  samples.filter(isMeant).reduce((sum, { value }) => sum + value, 0);

/** Counts by upper bound, as in a histogram's `le`, of all samples together. */
export const bucketsOf = (samples: readonly Sample[]): ReadonlyMap<number, number> => {
  const buckets = new Map<number, number>();
  for (const { labels, value } of samples) {
    const le = labels["le"] === "+Inf" ? Infinity : Number(labels["le"]);
    buckets.set(le, (buckets.get(le) ?? 0) + value);
  }
  return buckets;
};

export const bucketsSince = (
  before: ReadonlyMap<number, number>,
  now: ReadonlyMap<number, number>,
): ReadonlyMap<number, number> => new Map([...now].map(([le, count]) => [le, count - (before.get(le) ?? 0)]));

/**
 * Straight line inside the bucket, as Prometheus does it; the last finite bound where it lies beyond. NaN when nothing was
 * counted.
 */
export const quantileOf = (buckets: ReadonlyMap<number, number>, share: number): number => {
  const sorted = [...buckets].sort(([a], [b]) => a - b);
  const total = sorted.at(-1)?.[1] ?? 0;
  if (total <= 0) return Number.NaN;
  const rank = share * total;
  let below = { le: 0, count: 0 };
  for (const [le, count] of sorted) {
    if (count >= rank) {
      const width = le - below.le;
      return le === Infinity ? below.le : below.le + (width * (rank - below.count)) / (count - below.count);
    }
    below = { le, count };
  }
  return Number.NaN;
};
