import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from "node:http2";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { issueLeaf, makeAuthority } from "../../controlplane/pki/issue";

export interface TlsServer {
  readonly origin: string;
  readonly authority: string;
  /** What each call was spoken in: "1.1" or "2.0". */
  readonly spoken: readonly string[];
  /** Connections made so far. */
  readonly connections: () => number;
  /** Tells every HTTP/2 peer to open no more streams here; those that are open go on. */
  readonly sayGoodbye: () => void;
  /** From now on, what is connected already gets no byte through, and no word that it is so. */
  readonly vanish: () => void;
  readonly stop: () => Promise<void>;
}

export interface TlsServerOptions {
  readonly protocols: "h2 and http/1.1" | "http/1.1";
}

const TAKES_MS = 5;

/** `/watch` stays open after its first line; any other path answers after a moment. */
const answer = (request: Http2ServerRequest, response: Http2ServerResponse): void => {
  request.resume();
  response.setHeader("content-type", "application/json");
  if (request.url.startsWith("/watch")) {
    response.write('{"type":"ADDED","object":{}}\n');
    return;
  }
  setTimeout(() => response.end("{}"), TAKES_MS);
};

const listen = async (server: Server): Promise<number> => {
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};

/** Carries bytes both ways until it is told to keep them. */
const startRelay = (target: number) => {
  const sockets = new Set<Socket>();
  let era = 0;
  let made = 0;
  const server = createServer(near => {
    const born = era;
    const far = connect(target, "127.0.0.1");
    made += 1;
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("data", bytes => {
        if (born === era) to.write(bytes);
      });
      from.on("error", () => undefined);
      from.on("close", () => {
        if (born === era) to.destroy();
      });
    }
  });
  return { server, sockets, made: () => made, vanish: () => void (era += 1) };
};

/** A TLS server on loopback, of its own authority, behind a relay that can fall silent. */
export const startTlsServer = async ({ protocols }: TlsServerOptions): Promise<TlsServer> => {
  const authority = await makeAuthority("test");
  const leaf = await issueLeaf(authority, {
    commonName: "localhost",
    usage: "server",
    dnsNames: ["localhost"],
  });
  const spoken: string[] = [];
  const sessions = new Set<{ readonly goaway: (code: number) => void }>();
  const server = createSecureServer(
    {
      key: leaf.key,
      cert: leaf.certificate,
      allowHTTP1: true,
      ...(protocols === "http/1.1" ? { ALPNProtocols: ["http/1.1"] } : {}),
    },
    (request, response) => {
      spoken.push(request.httpVersion);
      answer(request, response);
    },
  );
  server.on("session", session => {
    sessions.add(session);
    session.on("close", () => sessions.delete(session));
    session.on("error", () => undefined);
  });
  const relay = startRelay(await listen(server));
  const port = await listen(relay.server);
  return {
    origin: `https://localhost:${port}`,
    authority: authority.certificate,
    spoken,
    connections: relay.made,
    sayGoodbye: () => sessions.forEach(session => session.goaway(0)),
    vanish: relay.vanish,
    stop: async () => {
      relay.sockets.forEach(socket => socket.destroy());
      await Promise.all([relay.server, server].map(one => new Promise(resolve => one.close(resolve))));
    },
  };
};
