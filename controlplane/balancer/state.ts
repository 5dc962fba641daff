/** What the balancer is told: written by who converges the control plane, read by the balancer. */
export interface BalancerOrders {
  readonly revision: number;
  readonly backends: readonly Backend[];
}

export interface Backend {
  readonly name: string;
  readonly port: number;
  /** A closed backend gets no new connections; those it has live on. */
  readonly open: boolean;
}

/** What the balancer answers: which orders it follows, and who is still connected. */
export interface BalancerReport {
  readonly revision: number;
  readonly pid: number;
  readonly connections: Readonly<Record<string, ConnectionCount>>;
}

export interface ConnectionCount {
  readonly all: number;
  /** With traffic within the last `BUSY_MS`: a request may be under way. */
  readonly busy: number;
}

export const BUSY_MS = 500;

const isBackend = (value: unknown): value is Backend => {
  const { name, port, open } = value as Partial<Backend>;
  return typeof name === "string" && Number.isInteger(port) && typeof open === "boolean";
};

/** `undefined` for anything but complete orders: the balancer then goes on with those it has. */
export const parseOrders = (text: string): BalancerOrders | undefined => {
  try {
    const raw = JSON.parse(text) as Partial<BalancerOrders> | null;
    const valid =
      Number.isInteger(raw?.revision) && Array.isArray(raw?.backends) && raw.backends.every(isBackend);
    return valid ? (raw as BalancerOrders) : undefined;
  } catch {
    return undefined;
  }
};

/** Open backends in the order to try them: each connection starts one further, so that they share the load. */
export const backendsToTry = (orders: BalancerOrders, turn: number): readonly Backend[] => {
  const open = orders.backends.filter(backend => backend.open);
  const start = open.length === 0 ? 0 : turn % open.length;
  return [...open.slice(start), ...open.slice(0, start)];
};

/** The same backends with one of them open or closed; the revision counts up, so that the answer can be matched. */
export const withBackends = (
  orders: BalancerOrders | undefined,
  backends: readonly Backend[],
): BalancerOrders => ({
  revision: (orders?.revision ?? 0) + 1,
  backends,
});
