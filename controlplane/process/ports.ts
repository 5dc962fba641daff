import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Below the range from which systems give out local ports by themselves, so that a port stays ours over a restart. */
const LOWEST = 20_000;
const HIGHEST = 30_000;
const TRIES = 200;

/** Whether a server could listen there now. Somebody may still come first: who starts a server must be ready for that. */
export const isPortFree = (port: number): Promise<boolean> =>
  new Promise(resolve => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(true)));
  });

/** A free loopback port that is none of `taken`. */
export const findPort = async (taken: ReadonlySet<number>): Promise<number> => {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (!taken.has(port) && (await isPortFree(port))) return port;
  }
  throw new Error(`no free loopback port between ${LOWEST} and ${HIGHEST} after ${TRIES} tries`);
};
