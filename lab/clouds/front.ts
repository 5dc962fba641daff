import { readFileSync } from "node:fs";
import { Agent, createServer, type Server } from "node:https";
import { request as ask } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { issueLeaf, makeAuthority } from "../../controlplane/pki/issue";
import { labKubeconfig } from "../lab";
import { listen } from "./http";

/** The address at which a cluster's API takes the tokens of its cloud. */
export interface Front {
  readonly endpoint: string;
  /** Base64 of the authority's certificate. */
  readonly authority: string;
  readonly close: () => Promise<void>;
}

interface Kubeconfig {
  readonly clusters: readonly [
    { readonly cluster: { readonly server: string; readonly "certificate-authority-data": string } },
  ];
  readonly users: readonly [
    { readonly user: { readonly "client-certificate-data": string; readonly "client-key-data": string } },
  ];
}

export interface FrontOptions {
  readonly lab: string;
  /** Named in the authority's certificate. */
  readonly cloud: string;
  /** Whether a request with this header is one that the cloud would let in. */
  readonly isToken: (authorization: string | undefined, now: number) => boolean;
}

interface Behind {
  readonly isToken: FrontOptions["isToken"];
  readonly server: URL;
  readonly agent: Agent;
}

const decode = (text: string): Buffer => Buffer.from(text, "base64");

const openBehind = ({ lab, isToken }: FrontOptions): Behind => {
  const file = labKubeconfig(lab);
  if (file === undefined) throw new Error(`the lab ${lab} has no kubeconfig`);
  const { clusters, users } = JSON.parse(readFileSync(file, "utf8")) as Kubeconfig;
  const [{ cluster }] = clusters;
  const [{ user }] = users;
  const agent = new Agent({
    keepAlive: true,
    ca: decode(cluster["certificate-authority-data"]),
    cert: decode(user["client-certificate-data"]),
    key: decode(user["client-key-data"]),
  });
  return { isToken, server: new URL(cluster.server), agent };
};

const UNAUTHORIZED = {
  kind: "Status",
  apiVersion: "v1",
  status: "Failure",
  message: "Unauthorized",
  reason: "Unauthorized",
  code: 401,
};

const carry = ({ isToken, server, agent }: Behind, near: IncomingMessage, reply: ServerResponse): void => {
  const { authorization, host: _host, ...headers } = near.headers;
  if (!isToken(authorization, Date.now())) {
    reply.writeHead(401, { "content-type": "application/json" });
    reply.end(JSON.stringify(UNAUTHORIZED));
    return;
  }
  const { method, url: path } = near;
  const { hostname: host, port } = server;
  const far = ask({ agent, host, port, method, path, headers }, answer => {
    reply.writeHead(answer.statusCode ?? 502, answer.headers);
    // A watch of something quiet has a head and no body yet: its client waits for the head.
    reply.flushHeaders();
    answer.pipe(reply);
    answer.on("error", () => reply.destroy());
  });
  far.on("error", () => reply.destroy());
  reply.on("close", () => far.destroy());
  near.pipe(far);
};

const closeServer = (server: Server): Promise<void> =>
  new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });

/** Takes the cloud's tokens and hands on to the lab's API as its administrator. */
export const openFront = async (options: FrontOptions): Promise<Front> => {
  const behind = openBehind(options);
  const authority = await makeAuthority(`stand-in for ${options.cloud}: ${options.lab}`);
  const leaf = await issueLeaf(authority, {
    commonName: "localhost",
    usage: "server",
    dnsNames: ["localhost"],
    addresses: ["127.0.0.1"],
  });
  const server = createServer({ key: leaf.key, cert: leaf.certificate }, (near, reply) =>
    carry(behind, near, reply),
  );
  const port = await listen(server);
  return {
    endpoint: `https://127.0.0.1:${port}`,
    authority: Buffer.from(authority.certificate).toString("base64"),
    close: async () => {
      await closeServer(server);
      behind.agent.destroy();
    },
  };
};
