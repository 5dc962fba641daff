const FACTORS: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** Value of a Kubernetes quantity ("250m", "1.5Gi", "2e3"); undefined when it is none. */
export const parseQuantity = (quantity: string | number): number | undefined => {
  const match = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)([a-zA-Z]*)$/.exec(String(quantity).trim());
  const factor = FACTORS[match?.[2] ?? ""];
  return match === null || factor === undefined ? undefined : Number(match[1]) * factor;
};

/** What a pod asks for or a node offers. Counts of everything else (devices, huge pages, …) by resource name. */
export interface Resources {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly other: Readonly<Record<string, number>>;
}

export type RawResources = Readonly<Record<string, string | number>>;

export const NO_RESOURCES: Resources = { cpuMillis: 0, memoryBytes: 0, other: {} };

/** Rounded up, as the scheduler does: half a byte or a tenth of a millicore still has to fit. */
const roundUp = (value: number): number => Math.ceil(Number(value.toPrecision(15)));

export const readResources = (raw: RawResources | undefined): Resources => {
  const { cpu, memory, ...rest } = raw ?? {};
  const other = Object.entries(rest).map(
    ([name, value]) => [name, roundUp(parseQuantity(value) ?? 0)] as const,
  );
  return {
    cpuMillis: roundUp((parseQuantity(cpu ?? 0) ?? 0) * 1000),
    memoryBytes: roundUp(parseQuantity(memory ?? 0) ?? 0),
    other: Object.fromEntries(other),
  };
};

const combine = (a: Resources, b: Resources, pick: (x: number, y: number) => number): Resources => {
  const names = new Set([...Object.keys(a.other), ...Object.keys(b.other)]);
  const other = [...names].map(name => [name, pick(a.other[name] ?? 0, b.other[name] ?? 0)] as const);
  return {
    cpuMillis: pick(a.cpuMillis, b.cpuMillis),
    memoryBytes: pick(a.memoryBytes, b.memoryBytes),
    other: Object.fromEntries(other),
  };
};

export const addResources = (a: Resources, b: Resources): Resources => combine(a, b, (x, y) => x + y);
export const maxResources = (a: Resources, b: Resources): Resources => combine(a, b, Math.max);
