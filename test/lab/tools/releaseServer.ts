import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A stand-in for release pages on the loopback interface, laid out as a mirror: `/<host>/<path>`. */
export interface ReleaseServer {
  readonly url: string;
  /** Files by path; change it at any time. */
  readonly files: Map<string, Buffer>;
  /** Paths whose next answer is cut off after so many bytes; used once each. */
  readonly cuts: Map<string, number>;
  /** Paths that announce this size whatever they hold. */
  readonly announced: Map<string, number>;
  /** Every request for a file, in order: path and Range. */
  readonly asked: { path: string; range: string | undefined }[];
  close(): Promise<void>;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const rangeStart = (request: IncomingMessage): number =>
  Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);

/** Ends the connection under the response's feet, after these bytes have left. */
const cutAfter = (response: ServerResponse, bytes: Buffer): void => {
  response.write(bytes, () => response.socket?.end());
};

const send = (server: ReleaseServer, path: string, { request, response }: Exchange): void => {
  const whole = server.files.get(path) ?? Buffer.alloc(0);
  const from = rangeStart(request);
  if (from > 0 && from >= whole.length) {
    response.writeHead(416, { "content-range": `bytes */${whole.length}` }).end();
    return;
  }
  const body = whole.subarray(from);
  const range = from > 0 ? { "content-range": `bytes ${from}-${whole.length - 1}/${whole.length}` } : {};
  const length = server.announced.get(path) ?? body.length;
  response.writeHead(from > 0 ? 206 : 200, { "content-length": length, ...range });
  const cut = server.cuts.get(path);
  server.cuts.delete(path);
  if (cut === undefined) response.end(body);
  else cutAfter(response, body.subarray(0, cut));
};

const answer = (server: ReleaseServer, exchange: Exchange): void => {
  const path = exchange.request.url ?? "";
  if (exchange.request.method === "HEAD") {
    exchange.response.writeHead(200).end();
    return;
  }
  server.asked.push({ path, range: exchange.request.headers.range });
  if (server.files.has(path)) send(server, path, exchange);
  else exchange.response.writeHead(404).end();
};

export const startReleaseServer = async (): Promise<ReleaseServer> => {
  const http = createServer((request, response) => answer(server, { request, response }));
  await new Promise<void>(resolve => http.listen(0, "127.0.0.1", resolve));
  const server: ReleaseServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    files: new Map(),
    cuts: new Map(),
    announced: new Map(),
    asked: [],
    close: () =>
      new Promise(resolve => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return server;
};

export const sha256 = (bytes: Buffer): string => createHash("sha256").update(bytes).digest("hex");

/** A program that says `says` whatever it is asked, padded to about `size` bytes. */
export const talker = (says: string, size = 0): Buffer =>
  Buffer.from(`#!/bin/sh\necho '${says}'\nexit 0\n${"#".repeat(size)}\n`);

export const goArch = (): string => (process.arch === "x64" ? "amd64" : process.arch);
export const KUBE_PROGRAMS = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "kubectl"];
export const kubePath = (program: string): string =>
  `/dl.k8s.io/release/v1.36.4/bin/linux/${goArch()}/${program}`;

export const publish = (server: ReleaseServer, program: string, body: Buffer): void => {
  server.files.set(kubePath(program), body);
  server.files.set(`${kubePath(program)}.sha256`, Buffer.from(sha256(body)));
};

/** The whole Kubernetes 1.36.4 release, each program with its checksum file. */
export const publishKubernetes = (server: ReleaseServer, says = "Kubernetes v1.36.4"): void => {
  for (const program of KUBE_PROGRAMS) publish(server, program, talker(says, 300_000));
};
