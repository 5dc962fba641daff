import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ConnectConfig } from "ssh2";

/** As @pulumi/command has it. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly hostKey?: string;
  readonly privateKey?: string;
  readonly agentSocketPath?: string;
  readonly dialErrorLimit: number;
  readonly perDialTimeout: number;
}

interface Order {
  readonly connection: Connection;
  readonly stdin?: string;
}

const AGAIN_MS = 200;

/** A pinned key is compared; without one any key is taken, as the real provider does. */
const verifierOf = (hostKey: string | undefined): ((key: Buffer) => boolean) => {
  const pinned = hostKey?.split(" ")[1];
  return key => pinned === undefined || key.equals(Buffer.from(pinned, "base64"));
};

/** Default values are the SDK's: types/input.js, connectionArgsProvideDefaults. The agent's is the provider's. */
const configOf = (connection: Connection): ConnectConfig => {
  const { host, privateKey, agentSocketPath: agent = process.env["SSH_AUTH_SOCK"] } = connection;
  if (host !== "127.0.0.1")
    throw new Error(`the stand-in for pulumi-resource-command logs in on this machine only, not on ${host}`);
  return {
    ...{ host, port: connection.port, username: connection.user },
    readyTimeout: connection.perDialTimeout * 1_000,
    ...(privateKey === undefined ? {} : { privateKey }),
    ...(agent === undefined ? {} : { agent }),
    hostVerifier: verifierOf(connection.hostKey),
  };
};

const dialOnce = (config: ConnectConfig): Promise<Client> =>
  new Promise((resolve, reject) => {
    const client = new Client();
    client.once("ready", () => resolve(client));
    client.on("error", reject);
    client.connect(config);
  });

const dial = async (connection: Connection): Promise<Client> => {
  const config = configOf(connection);
  for (let tries = 1; ; tries += 1) {
    try {
      return await dialOnce(config);
    } catch (error) {
      if (tries > connection.dialErrorLimit)
        throw new Error(`after ${tries - 1} failed attempts: ${String(error)}`, { cause: error });
      await sleep(AGAIN_MS);
    }
  }
};

const trimmed = (parts: readonly Buffer[]): string =>
  Buffer.concat(parts).toString("utf8").replace(/\n$/, "");

/** Logs in, runs the command, and ends as it ends: what it wrote, or an error with all of it. */
export const runRemote = async (
  { connection, stdin = "" }: Order,
  command: string,
): Promise<{ readonly stdout: string; readonly stderr: string }> => {
  const client = await dial(connection);
  const [out, err, both]: [Buffer[], Buffer[], Buffer[]] = [[], [], []];
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      client.exec(command, (error, channel) => {
        if (error !== undefined) {
          reject(error);
          return;
        }
        let ended: number | null = null;
        channel.on("data", (part: Buffer) => void (out.push(part), both.push(part)));
        channel.stderr.on("data", (part: Buffer) => void (err.push(part), both.push(part)));
        channel.on("exit", (found: number | null) => void (ended = found));
        channel.on("close", () => resolve(ended));
        channel.end(stdin);
      });
    });
    if (code !== 0)
      throw new Error(
        `Process exited with status ${String(code)}: running ${JSON.stringify(command)}:\n${trimmed(both)}`,
      );
    return { stdout: trimmed(out), stderr: trimmed(err) };
  } finally {
    client.end();
  }
};
