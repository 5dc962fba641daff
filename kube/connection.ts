import type { Dispatcher } from "undici";
import { KubeError } from "./kubeError";
import type { ClusterAccess, Credentials, TlsSettings } from "./credentials";

/** Credentials with the connection pool that carries them. */
export interface Session {
  readonly dispatcher: Dispatcher;
  readonly headers: Credentials["headers"];
}

export interface Connection {
  /** The shared session. `refused` is the one the server answered 401 to: it is replaced, once for all waiters. */
  session(refused?: Session): Promise<Session>;
  close(): Promise<void>;
}

/** Token files are renewed by the kubelet or an agent: kubectl looks again after a minute, we after half of one. */
const REREAD_MS = 30_000;

const CONNECT_TIMEOUT_MS = 5_000;

/** More than the watches and evictions of one run together; what exceeds it waits in line within its deadline. */
const MAX_CONNECTIONS = 100;

/*
 * HTTP/1.1 keep-alive, also where the server offers HTTP/2. Measured with undici 8.12.4 (docs/adr/0011): its HTTP/2
 * leaves calls hanging after the GOAWAY of a server that is being replaced, past their deadlines and abort signals, and
 * goes on sending to a peer that vanished. This pool ends the call and takes another connection.
 */
const poolOptions = (tls: TlsSettings) => ({
  allowH2: false,
  connections: MAX_CONNECTIONS,
  // Far below the server's own idle limit: a write never meets a connection that is just being closed for age.
  keepAliveTimeout: 30_000,
  connect: { ...tls, timeout: CONNECT_TIMEOUT_MS, keepAlive: true, keepAliveInitialDelay: 15_000 },
});

const openDispatcher = async (access: ClusterAccess, tls: TlsSettings): Promise<Dispatcher> => {
  const { Agent, EnvHttpProxyAgent, ProxyAgent } = await import("undici");
  const options = poolOptions(tls);
  if (access.proxy !== undefined) return new ProxyAgent({ ...options, uri: access.proxy, requestTls: tls });
  const throughProxy = process.env["HTTPS_PROXY"] ?? process.env["https_proxy"];
  const isLoopback = /^(localhost|127\.|\[::1\])/.test(new URL(access.server).host);
  if (throughProxy && !isLoopback) return new EnvHttpProxyAgent({ ...options, requestTls: tls });
  return new Agent(options);
};

const readCredentials = async (access: ClusterAccess, fresh: boolean): Promise<Credentials> => {
  try {
    return await access.read(fresh);
  } catch (error) {
    const text = (error as Error).message.trim();
    throw new KubeError({
      kind: "unauthorized",
      message: `no credentials for ${access.server}: ${text}`,
      cause: error,
    });
  }
};

const sameTls = (a: TlsSettings, b: TlsSettings): boolean =>
  (["ca", "cert", "key"] as const).every(part => String(a[part] ?? "") === String(b[part] ?? ""));

interface Held extends Session {
  readonly tls: TlsSettings;
  readonly readAt: number;
}

/** One pool per cluster. It is replaced only when certificates change; a new token keeps the connections. */
export const openConnection = (access: ClusterAccess): Connection => {
  let held: Held | undefined;
  let pending: Promise<Held> | undefined;

  const renew = async (fresh: boolean): Promise<Held> => {
    const { tls, headers } = await readCredentials(access, fresh);
    const old = held;
    const keep = old !== undefined && sameTls(old.tls, tls);
    const dispatcher = keep ? old.dispatcher : await openDispatcher(access, tls);
    if (old !== undefined && !keep) void old.dispatcher.close().catch(() => undefined);
    held = { dispatcher, headers, tls, readAt: performance.now() };
    return held;
  };

  const session = async (refused?: Session): Promise<Session> => {
    const isRefused = refused !== undefined && refused === held;
    if (held !== undefined && !isRefused && performance.now() - held.readAt < REREAD_MS) return held;
    pending ??= renew(isRefused).finally(() => {
      pending = undefined;
    });
    return pending;
  };

  const close = async (): Promise<void> => {
    const last = held;
    held = undefined;
    await last?.dispatcher.destroy();
  };
  return { session, close };
};
