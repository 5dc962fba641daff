import { spawn } from "node:child_process";
import ssh2, { type Connection, type ParsedKey, type PublicKeyAuthContext, type ServerChannel } from "ssh2";
import { listen } from "../http";
import { newKey } from "./key";
import { inSandbox } from "./sandbox";

export interface Sshd {
  readonly port: number;
  /** As in known_hosts: "ssh-ed25519 AAAA…". */
  readonly hostKey: string;
  readonly close: () => Promise<void>;
}

export interface SshdOptions {
  readonly folder: string;
  readonly machine: string;
  /** Public key that may log in. */
  readonly authorized: string;
}

const MISSING = 127;
const ignore = (): void => undefined;

/** A real ssh server on loopback, whose shell is the machine's folder. */
export const openSshd = async (options: SshdOptions): Promise<Sshd> => {
  const { private: hostKey, public: shown } = newKey();
  const clients = new Set<Connection>();
  const server = new ssh2.Server(
    { hostKeys: [hostKey], banner: `stand-in for ${options.machine} (changeover lab), no machine behind` },
    client => {
      clients.add(client);
      client.once("close", () => clients.delete(client));
      serve(client, options);
    },
  );
  const port = await listen(server);
  return {
    port,
    hostKey: shown.split(" ").slice(0, 2).join(" "),
    close: () =>
      new Promise(resolve => {
        for (const client of clients) client.end();
        server.close(() => resolve());
      }),
  };
};

const serve = (client: Connection, options: SshdOptions): void => {
  client.on("error", ignore);
  authenticate(client, options.authorized);
  client.on("session", accept =>
    accept().on("exec", (take, _refuse, { command }) => execute(take(), command, options)),
  );
};

/** By public key alone, as a careful machine does; a signature is really checked. */
const authenticate = (client: Connection, authorized: string): void => {
  const key = ssh2.utils.parseKey(authorized);
  if (key instanceof Error) throw key;
  client.on("authentication", asked => {
    if (asked.method !== "publickey") asked.reject(["publickey"]);
    else if (mayEnter(asked, key)) asked.accept();
    else asked.reject(["publickey"]);
  });
};

/** A client first asks whether its key would do, then signs with it. */
const mayEnter = ({ key: shown, signature, blob, hashAlgo }: PublicKeyAuthContext, key: ParsedKey): boolean =>
  shown.data.equals(key.getPublicSSH()) &&
  (signature === undefined || blob === undefined || key.verify(blob, signature, hashAlgo));

const execute = (channel: ServerChannel, text: string, { folder, machine }: SshdOptions): void => {
  const { command, env } = inSandbox(folder, machine, text);
  const child = spawn("/bin/sh", ["-c", command], { cwd: env["HOME"], env, stdio: "pipe" });
  channel.on("error", ignore);
  child.stdin.on("error", ignore);
  channel.pipe(child.stdin);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.once("close", code => {
    if (code === MISSING) channel.stderr.write("StandInLimit: this stand-in machine lacks that program\n");
    channel.exit(code ?? 1);
    channel.end();
  });
};
