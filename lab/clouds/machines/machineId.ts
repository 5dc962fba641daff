import { createHash } from "node:crypto";

/** What lies in a machine's /etc/machine-id and its kubelet reports: 32 hexadecimal digits (man 5 machine-id). */
export const machineIdOf = (name: string): string =>
  createHash("sha256").update(name).digest("hex").slice(0, 32);
