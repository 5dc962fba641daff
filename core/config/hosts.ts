import { z } from "zod";
import { name } from "./labelText";
import { shaped } from "./shaped";

const ADDRESS = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9][A-Za-z0-9.-]*)(?::(\d{1,5}))?$/;
const NODE_NAME = 63;

/** Where a machine answers ssh. */
export interface SshAddress {
  readonly host: string;
  readonly port: number;
}

const SSH_PORT = 22;

/** "10.0.0.21", "w1.example", "[fd00::21]:2222". Throws for what no schema let through. */
export const parseAddress = (text: string): SshAddress => {
  const [, host, port] = ADDRESS.exec(text) ?? [];
  if (host === undefined) throw new Error(`"${text}" is no ssh address`);
  return { host: host.replace(/^\[|\]$/g, ""), port: port === undefined ? SSH_PORT : Number(port) };
};

/** Machines by the name of their node. */
export const hosts = () =>
  z.record(name(NODE_NAME), shaped(ADDRESS, "an ssh address", "10.0.0.21 or 10.0.0.21:2222"));
