import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CallRecord, KubeClient } from "../../../kube/client";
import { openKube } from "../../../kube/transport";

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

export type Reply = (response: ServerResponse, seen: Seen) => void;

export const json =
  (body: unknown, status = 200, headers: Record<string, string> = {}): Reply =>
  response => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };

export const statusReply = (code: number, fields: object = {}, headers: Record<string, string> = {}): Reply =>
  json({ kind: "Status", status: "Failure", code, ...fields }, code, headers);

/** Takes the call and cuts the line. */
export const reset: Reply = response => {
  response.socket?.resetAndDestroy();
};

/** Takes the call and says nothing. */
export const silence: Reply = () => undefined;

export interface FakeServer {
  readonly seen: readonly Seen[];
  readonly records: readonly CallRecord[];
  readonly kube: KubeClient;
  readonly folder: string;
  /** Replies for the next calls, in order; the last one stays. */
  reply(...replies: readonly Reply[]): void;
  /** Stops listening: new connections are refused. */
  deafen(): void;
  /** Stops listening and cuts every line. */
  stop(): Promise<void>;
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
};

export const kubeconfigOf = (server: string, user: object): string =>
  JSON.stringify({
    "current-context": "main",
    contexts: [{ name: "main", context: { cluster: "fake", user: "me" } }],
    clusters: [{ name: "fake", cluster: { server } }],
    users: [{ name: "me", user }],
  });

/** An API server on loopback that answers as told, and a client for it with a token file. */
export const startFakeServer = async (): Promise<FakeServer> => {
  const seen: Seen[] = [];
  const records: CallRecord[] = [];
  let replies: readonly Reply[] = [json({})];
  const server = createServer((request, response) => {
    void readBody(request).then(body => {
      const call = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
      seen.push(call);
      const [next = silence, ...rest] = replies;
      if (rest.length > 0) replies = rest;
      next(response, call);
    });
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const folder = mkdtempSync(join(tmpdir(), "changeover-kube-"));
  writeFileSync(join(folder, "token"), "first\n");
  const url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`;
  writeFileSync(join(folder, "kubeconfig"), kubeconfigOf(url, { tokenFile: "token" }));
  const kube = await openKube(
    { kubeconfig: join(folder, "kubeconfig") },
    { observe: record => records.push(record) },
  );
  const stop = async (): Promise<void> => {
    await kube.close();
    server.closeAllConnections();
    if (server.listening) await new Promise(resolve => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  };
  const deafen = (): void => void server.close();
  return { seen, records, kube, folder, stop, deafen, reply: (...next) => (replies = next) };
};
