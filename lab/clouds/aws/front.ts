import { readFileSync } from "node:fs";
import { Agent, createServer, type Server } from "node:https";
import { request as ask } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import { issueLeaf, makeAuthority } from "../../../controlplane/pki/issue";
import { labKubeconfig } from "../../lab";
import { listen } from "../http";

/** The address at which a cluster's API takes EKS's tokens. */
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

interface Behind {
  readonly server: URL;
  readonly agent: Agent;
}

const decode = (text: string): Buffer => Buffer.from(text, "base64");

const openBehind = (lab: string): Behind => {
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
  return { server: new URL(cluster.server), agent };
};

const PREFIX = "Bearer k8s-aws-v1.";
/** A presigned call is taken for 15 minutes after it was signed. */
const VALID_MS = 15 * 60_000;

/** "20261122T004512Z". */
const readStamp = (text: string): number =>
  Date.parse(text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));

/**
 * What EKS's authenticator looks at before it asks STS: a presigned GetCallerIdentity with the cluster's name among the
 * signed headers, signed lately. The signature itself is not checked: there is no account behind.
 */
export const isToken = (authorization = "", now: number): boolean => {
  if (!authorization.startsWith(PREFIX)) return false;
  const text = Buffer.from(authorization.slice(PREFIX.length), "base64url").toString("utf8");
  return URL.canParse(text) && isPresigned(new URL(text), now);
};

const isPresigned = ({ hostname, searchParams }: URL, now: number): boolean => {
  const read = (name: string): string => searchParams.get(name) ?? "";
  return (
    hostname.startsWith("sts.") &&
    read("Action") === "GetCallerIdentity" &&
    read("X-Amz-SignedHeaders").split(";").includes("x-k8s-aws-id") &&
    now - readStamp(read("X-Amz-Date")) < VALID_MS
  );
};

const UNAUTHORIZED = {
  kind: "Status",
  apiVersion: "v1",
  status: "Failure",
  message: "Unauthorized",
  reason: "Unauthorized",
  code: 401,
};

const carry = ({ server, agent }: Behind, near: IncomingMessage, reply: ServerResponse): void => {
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

/** Takes EKS's tokens and hands on to the lab's API as its administrator. */
export const openFront = async (lab: string): Promise<Front> => {
  const behind = openBehind(lab);
  const authority = await makeAuthority(`stand-in for EKS: ${lab}`);
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
