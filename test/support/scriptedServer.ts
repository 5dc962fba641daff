import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface ScriptedServer {
  readonly url: string;
  /** Method and path of each request, in order. */
  readonly calls: readonly string[];
  readonly close: () => Promise<void>;
}

/** An HTTP server on loopback that gives these statuses one after the other, then 200, always with `{}`. */
export const scriptServer = async (statuses: readonly number[]): Promise<ScriptedServer> => {
  const calls: string[] = [];
  const server = createServer(({ method = "", url = "" }: IncomingMessage, response) => {
    calls.push(`${method} ${url}`);
    response.writeHead(statuses[calls.length - 1] ?? 200, { "content-type": "application/json" }).end("{}");
  });
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    calls,
    close: () =>
      new Promise(resolve => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
};
