import { connect, createServer, type Server, type Socket } from "node:net";
import { backendsToTry, BUSY_MS, type Backend, type BalancerOrders, type ConnectionCount } from "./state";

interface Connection {
  readonly backend: string;
  lastTraffic: number;
}

export interface Balancer {
  readonly server: Server;
  follow(orders: BalancerOrders): void;
  count(): Record<string, ConnectionCount>;
}

const CONNECT_TIMEOUT_MS = 2_000;

/** The first backend that takes a connection; no byte of the client has been sent anywhere until then. */
const reach = async (backends: readonly Backend[]): Promise<[Backend, Socket] | undefined> => {
  for (const backend of backends) {
    const socket = await dial(backend.port);
    if (socket !== undefined) return [backend, socket];
  }
  return undefined;
};

const dial = (port: number): Promise<Socket | undefined> =>
  new Promise(resolve => {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    const give = (result: Socket | undefined): void => {
      socket.removeAllListeners();
      socket.setTimeout(0);
      if (result === undefined) socket.destroy();
      resolve(result);
    };
    socket.setTimeout(CONNECT_TIMEOUT_MS, () => give(undefined));
    socket.once("error", () => give(undefined));
    socket.once("connect", () => give(socket));
  });

const join = (client: Socket, upstream: Socket, connection: Connection): void => {
  for (const [from, to] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    from.on("data", () => (connection.lastTraffic = Date.now()));
    from.on("error", () => to.destroy());
    from.on("close", () => to.destroySoon());
    from.pipe(to);
  }
};

/** A plain TCP balancer: TLS ends at the apiservers, so what it forwards stays private to it too. */
export const createBalancer = (): Balancer => {
  const connections = new Set<Connection>();
  let orders: BalancerOrders = { revision: 0, backends: [] };
  let turn = 0;
  const accept = async (client: Socket): Promise<void> => {
    client.on("error", () => client.destroy());
    const reached = await reach(backendsToTry(orders, turn++));
    if (reached === undefined || client.destroyed) {
      reached?.[1].destroy();
      client.destroy();
      return;
    }
    const [backend, upstream] = reached;
    const connection: Connection = { backend: backend.name, lastTraffic: Date.now() };
    connections.add(connection);
    upstream.once("close", () => connections.delete(connection));
    join(client, upstream, connection);
    client.resume();
  };
  const server = createServer({ allowHalfOpen: true, noDelay: true, pauseOnConnect: true }, client => {
    void accept(client);
  });
  return {
    server,
    follow: next => (orders = next),
    count: () => countByBackend(orders, connections),
  };
};

const countByBackend = (
  orders: BalancerOrders,
  connections: ReadonlySet<Connection>,
): Record<string, ConnectionCount> => {
  const busySince = Date.now() - BUSY_MS;
  const all = [...connections];
  return Object.fromEntries(
    orders.backends.map(({ name }) => {
      const own = all.filter(connection => connection.backend === name);
      const busy = own.filter(connection => connection.lastTraffic >= busySince).length;
      return [name, { all: own.length, busy }];
    }),
  );
};
