import type { Problem } from "../problem";
import { accept, refuse, type Result } from "../result";
import { parseAddress } from "./hosts";

const SSH_PORT = 22;

interface KnownKey {
  readonly names: readonly string[];
  /** "ssh-ed25519 AAAAC3…". */
  readonly key: string;
}

const readLine = (line: string): readonly KnownKey[] => {
  const [names = "", type, key] = line.trim().split(/\s+/);
  if (names === "" || names.startsWith("#") || names.startsWith("@")) return [];
  return type === undefined || key === undefined ? [] : [{ names: names.split(","), key: `${type} ${key}` }];
};

/** The order in which Go's client asks a machine for its keys: only the first one it has can be pinned there. */
const ASKED_FIRST = [
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "ssh-rsa",
  "ssh-ed25519",
];

const rank = (key: string): number => {
  const found = ASKED_FIRST.indexOf(key.split(" ")[0] ?? "");
  return found < 0 ? ASKED_FIRST.length : found;
};

/**
 * The key that a machine must show, from the text of a known_hosts file (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT").
 * Hashed names and patterns are not read. Of several keys it is the one that @pulumi/command's ssh client meets first
 * (golang.org/x/crypto/ssh, common.go: defaultHostKeyAlgos), so the file should have all keys of a machine.
 */
export const hostKeyOf = (text: string, file: string, address: string): Result<string> => {
  const { host, port } = parseAddress(address);
  const wanted = port === SSH_PORT ? [host, `[${host}]:${port}`] : [`[${host}]:${port}`];
  const keys = text
    .split("\n")
    .flatMap(readLine)
    .filter(({ names }) => names.some(name => wanted.includes(name)))
    .map(({ key }) => key);
  const [key] = keys.sort((a, b) => rank(a) - rank(b));
  return key === undefined ? refuse([unknown(file, address)]) : accept(key);
};

const unknown = (file: string, address: string): Problem => {
  const { host, port } = parseAddress(address);
  return {
    code: "Kubeadm.NoHostKey",
    path: "cluster.kubeadm.ssh.knownHosts",
    message: `${file} has no host key of ${address}, so nobody could tell whether it is that machine`,
    fix: `compare its keys with those on the machine, then add all it has: ssh-keyscan -p ${port} ${host} >> ${file}`,
  };
};
