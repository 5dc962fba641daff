import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Agent } from "undici";
import { type KubeClient, openKube } from "../../../kube";
import { startTlsServer, type TlsServer, type TlsServerOptions } from "../../support/tlsServer";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const start = async (protocols: TlsServerOptions["protocols"] = "h2 and http/1.1"): Promise<TlsServer> => {
  const server = await startTlsServer({ protocols });
  stops.push(server.stop);
  return server;
};

const clientFor = async ({ origin, authority }: TlsServer): Promise<KubeClient> => {
  const folder = mkdtempSync(join(tmpdir(), "changeover-protocol-"));
  const kubeconfig = join(folder, "kubeconfig");
  const cluster = { server: origin, "certificate-authority-data": Buffer.from(authority).toString("base64") };
  const context = { cluster: "tls", user: "me" };
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      "current-context": "main",
      contexts: [{ name: "main", context }],
      clusters: [{ name: "tls", cluster }],
      users: [{ name: "me", user: {} }],
    }),
  );
  const kube = await openKube({ kubeconfig });
  stops.push(
    () => rmSync(folder, { recursive: true }),
    () => kube.close(),
  );
  return kube;
};

const get = (kube: KubeClient, timeoutMs = 9_000): Promise<unknown> =>
  kube.request({ method: "GET", path: "/x", timeoutMs });

/** Resolves when its first event is there; the watch stays open. */
const openWatch = async (kube: KubeClient): Promise<void> => {
  const over = new AbortController();
  stops.push(() => over.abort());
  const events = kube.watch({ path: "/watch", signal: over.signal, idleMs: 60_000 });
  await events[Symbol.asyncIterator]().next();
};

const times = <T>(count: number, act: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, act));

describe("to a server that offers HTTP/2 and HTTP/1.1", () => {
  it("HTTP/1.1 is spoken, watches included", async () => {
    const server = await start();
    const kube = await clientFor(server);
    await openWatch(kube);
    await get(kube);
    expect(server.spoken).toEqual(["1.1", "1.1"]);
  });

  it("many calls at once beside open watches share a bounded pool, and later ones need nothing new", async () => {
    const server = await start();
    const kube = await clientFor(server);
    await times(10, () => openWatch(kube));
    await times(120, () => get(kube));
    const connections = server.connections();
    await times(50, () => get(kube));
    expect(server.spoken).toHaveLength(180);
    expect(connections).toBeLessThanOrEqual(100);
    expect(server.connections()).toBe(connections);
  });

  it("a peer that vanished costs a read half of its time, not more", async () => {
    const server = await start();
    const kube = await clientFor(server);
    await times(5, () => get(kube));
    const connections = server.connections();
    server.vanish();
    expect(await times(5, () => get(kube, 2_000))).toEqual([{}, {}, {}, {}, {}]);
    expect(server.connections()).toBeGreaterThan(connections);
  });
});

it("a server that knows only HTTP/1.1 is spoken to in just that", async () => {
  const server = await start("http/1.1");
  await get(await clientFor(server));
  expect(server.spoken).toEqual(["1.1"]);
});

/** What docs/adr/0011 rests on. When one of these fails, undici has changed: decide again. */
describe("undici's HTTP/2", () => {
  const agentFor = ({ authority }: TlsServer, pipelining: number): Agent => {
    const agent = new Agent({ connect: { ca: authority }, allowH2: true, connections: 1, pipelining });
    stops.push(() => agent.destroy());
    return agent;
  };
  /** "hangs": neither an answer nor an error, long after the call's own end. */
  const call = async (agent: Agent, { origin }: TlsServer, timeoutMs: number): Promise<string> => {
    const signal = AbortSignal.timeout(timeoutMs);
    const reply = agent
      .request({ origin, path: "/x", method: "GET", signal })
      .then(({ body }) => body.text())
      .then(
        () => "answered",
        () => "failed",
      );
    return Promise.race([reply, pause(timeoutMs + 700, "hangs")]);
  };
  const openStream = async (agent: Agent, { origin }: TlsServer): Promise<void> => {
    const { body } = await agent.request({ origin, path: "/watch", method: "GET" });
    body.on("error", () => undefined);
    body.resume();
  };

  it("keeps a call past its abort signal after GOAWAY, while a watch is open", async () => {
    const server = await start();
    const agent = agentFor(server, 1);
    await openStream(agent, server);
    expect(await call(agent, server, 5_000)).toBe("answered");
    expect(server.spoken).toEqual(["2.0", "2.0"]);
    server.sayGoodbye();
    await pause(100);
    expect(await call(agent, server, 300)).toBe("hangs");
  });

  it("goes on sending to a peer that vanished, call after call", async () => {
    const server = await start();
    const agent = agentFor(server, 100);
    expect(await call(agent, server, 5_000)).toBe("answered");
    server.vanish();
    const ends: string[] = [];
    for (let sent = 0; sent < 4; sent += 1) ends.push(await call(agent, server, 300));
    expect(ends).toEqual(["failed", "failed", "failed", "failed"]);
  });
});
