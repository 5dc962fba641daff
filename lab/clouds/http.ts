import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Server as NetServer } from "node:net";

export interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

/** Nothing answers here, as at an address that is none: the connection ends. */
export class Silence extends Error {}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
};

const reply = async (
  request: IncomingMessage,
  response: ServerResponse,
  answer: (asked: Asked) => Promise<Answer>,
): Promise<void> => {
  const { method = "GET", url = "/", headers } = request;
  const body = await readBody(request);
  const {
    status,
    headers: own,
    body: text,
  } = await answer({
    ...{ method, headers, body },
    url: new URL(url, "http://localhost"),
  });
  response.writeHead(status, { ...own, "x-stand-in": "changeover lab, no cloud behind" });
  response.end(text);
};

export const listen = async (server: NetServer): Promise<number> => {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return (server.address() as AddressInfo).port;
};

/** A small API on loopback: each request is read whole and answered whole. */
export const serveApi = (answer: (asked: Asked) => Promise<Answer>): Server =>
  createServer((request, response) => {
    reply(request, response, answer).catch((error: unknown) => {
      if (error instanceof Silence) return void request.socket.destroy();
      response.writeHead(500);
      response.end(String(error));
    });
  });
