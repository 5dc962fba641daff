import { readFileSync } from "node:fs";
import type { Writable } from "node:stream";
import { Client, type ClientChannel, type ConnectConfig } from "ssh2";
import { hostKeyOf, parseAddress, type SshRecipe } from "../../../../core/config";
import { type Problem, ProblemError } from "../../../../core/problem";

export interface Machine {
  /** Name of its node. */
  readonly node: string;
  readonly address: string;
}

/** How machines are reached, and what ends the waiting for them. */
export interface Login {
  readonly ssh: SshRecipe;
  readonly signal: AbortSignal;
}

export interface Ended {
  readonly code: number;
  /** Empty where it went into a stream. */
  readonly stdout: string;
  readonly stderr: string;
}

export interface Streams {
  readonly stdin?: string;
  readonly into?: Writable;
}

/** A machine that is logged in to. */
export interface Remote {
  /** Runs a script, without single quotes in it, as root. */
  readonly run: (script: string, streams?: Streams) => Promise<Ended>;
}

const READY_MS = 8_000;

/** Logs in, works, logs out. Who the machine is was pinned; who we are the ssh agent proves. */
export const onMachine = async <T>(
  { ssh, signal }: Login,
  machine: Machine,
  work: (remote: Remote) => Promise<T>,
): Promise<T> => {
  signal.throwIfAborted();
  const client = await connect(ssh, machine);
  const leave = (): void => void client.destroy();
  signal.addEventListener("abort", leave);
  try {
    const done = await work({ run: (script, streams = {}) => run(client, asRoot(ssh, script), streams) });
    signal.throwIfAborted();
    return done;
  } finally {
    signal.removeEventListener("abort", leave);
    client.end();
  }
};

const asRoot = ({ user }: SshRecipe, script: string): string =>
  `${user === "root" ? "" : "sudo -n "}sh -c '${script}'`;

const pinnedKey = ({ knownHosts }: SshRecipe, { address }: Machine): string => {
  const key = hostKeyOf(readFileSync(knownHosts, "utf8"), knownHosts, address);
  if (!key.ok) throw new ProblemError("a machine is unknown", key.problems);
  return key.value;
};

/** A key of RSA signs by any of these; the others by their own name. */
const RSA = ["rsa-sha2-512", "rsa-sha2-256"];

const connect = (ssh: SshRecipe, machine: Machine): Promise<Client> => {
  const agent = process.env["SSH_AUTH_SOCK"];
  if (agent === undefined || agent === "") throw new ProblemError("no ssh agent", [noAgent]);
  const [type = "", key = ""] = pinnedKey(ssh, machine).split(" ");
  const seen = { other: false };
  const config = {
    ...parseAddress(machine.address),
    ...{ username: ssh.user, agent, readyTimeout: READY_MS },
    algorithms: { serverHostKey: type === "ssh-rsa" ? RSA : [type] },
    hostVerifier: (shown: Buffer) => {
      seen.other = !shown.equals(Buffer.from(key, "base64"));
      return !seen.other;
    },
  } as ConnectConfig;
  return new Promise((resolve, reject) => {
    const client = new Client();
    client.once("ready", () => resolve(client));
    client.on("error", error => reject(describe(ssh, machine, { error, other: seen.other })));
    client.connect(config);
  });
};

const run = (client: Client, command: string, streams: Streams): Promise<Ended> =>
  new Promise((resolve, reject) => {
    client.once("error", reject);
    client.exec(command, (error, channel) => {
      if (error === undefined) collect(channel, streams).then(resolve, reject);
      else reject(error);
    });
  });

const LOST = -1;

const collect = (channel: ClientChannel, { stdin = "", into }: Streams): Promise<Ended> =>
  new Promise((resolve, reject) => {
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    if (into === undefined) channel.on("data", (part: Buffer) => void out.push(part));
    else channel.pipe(into).once("error", reject);
    channel.stderr.on("data", (part: Buffer) => void err.push(part));
    let code = LOST;
    channel.on("exit", (found: number | null) => void (code = found ?? LOST));
    channel.on("close", () => resolve({ code, stdout: text(out), stderr: text(err).trim() }));
    channel.end(stdin);
  });

const text = (parts: readonly Buffer[]): string => Buffer.concat(parts).toString("utf8");

interface Failure {
  readonly error: Error & { readonly level?: string };
  readonly other: boolean;
}

const describe = (ssh: SshRecipe, machine: Machine, { error, other }: Failure): ProblemError => {
  if (other || /no matching host key format/i.test(error.message))
    return new ProblemError("a machine is another one", [keyChanged(ssh, machine)]);
  return error.level === "client-authentication"
    ? new ProblemError("a machine refused us", [loginRefused(ssh, machine)])
    : new ProblemError("a machine is unreachable", [unreachable(machine, error.message)]);
};

const pathOf = ({ node }: Machine): string => `hosts.${node}`;

const noAgent: Problem = {
  code: "Kubeadm.NoAgent",
  path: "SSH_AUTH_SOCK",
  message: "there is no ssh agent; the key that opens the machines is kept by it and never stored",
  fix: 'start one and add the key: eval "$(ssh-agent)" && ssh-add',
};

const keyChanged = ({ knownHosts }: SshRecipe, machine: Machine): Problem => ({
  code: "Kubeadm.HostKeyChanged",
  path: pathOf(machine),
  message: `${machine.node} at ${machine.address} shows another host key than the one in ${knownHosts}: it may be another machine`,
  fix: "find out why; if it was installed anew, put its new keys there",
});

const loginRefused = ({ user }: SshRecipe, machine: Machine): Problem => ({
  code: "Kubeadm.LoginRefused",
  path: pathOf(machine),
  message: `${machine.node} at ${machine.address} lets no key of the ssh agent in as ${user}`,
  fix: "add the key to the agent (ssh-add), or the public one to the machine's authorized_keys",
});

const unreachable = (machine: Machine, reason: string): Problem => ({
  code: "Kubeadm.Unreachable",
  path: pathOf(machine),
  message: `${machine.node} at ${machine.address} can't be reached by ssh: ${reason}`,
  fix: "see that it runs and correct its address",
});
