import { readFileSync } from "node:fs";
import type { remote } from "@pulumi/command/types/input";
import { type ClusterSpec, hostKeyOf, parseAddress } from "../../../core/config";
import { type Problem, ProblemError } from "../../../core/problem";

/** How to reach a machine, by its address. */
export type Connections = (address: string) => remote.ConnectionArgs;

/** A machine that does not answer is told soon: 15 s for each of so many tries. */
const TRIES = 3;

/**
 * Connections that pin each machine's host key. No key of the user's in them: the provider asks the ssh agent, so
 * nothing secret lies in state, and a machine is left with today's key, not with that of the day it joined.
 */
export const openConnections = ({ kubeadm }: ClusterSpec): Connections => {
  if (kubeadm === undefined) throw new Error("a cluster without its kubeadm block passed config");
  const { user, knownHosts } = kubeadm.ssh;
  const known = readKnownHosts(knownHosts);
  return address => {
    const hostKey = hostKeyOf(known, knownHosts, address);
    if (!hostKey.ok) throw new ProblemError("a machine is unknown", hostKey.problems);
    return { ...parseAddress(address), user, hostKey: hostKey.value, dialErrorLimit: TRIES };
  };
};

const readKnownHosts = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new ProblemError("known hosts can't be read", [unreadable(path, error)]);
  }
};

const unreadable = (path: string, error: unknown): Problem => ({
  code: "Kubeadm.KnownHosts",
  path: "cluster.kubeadm.ssh.knownHosts",
  message: `${path} can't be read: ${error instanceof Error ? error.message : String(error)}`,
  fix: "name a file as OpenSSH's known_hosts, with a line for each machine",
});
