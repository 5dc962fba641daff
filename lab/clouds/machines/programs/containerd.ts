import { type Ended, notCovered, ProgramFailed, succeed } from "../rules";
import type { Place } from "../state";

const NOT_FOUND = 127;

/** A shell's own word on a program that is not there. */
export const notThere = (name: string): never => {
  throw new ProgramFailed(NOT_FOUND, `${name}: not found`);
};

export const containerd = ({ machine }: Place, args: readonly string[]): Ended => {
  const there = machine.containerd ?? notThere("containerd");
  const asked = args.join(" ");
  if (asked === "--version")
    return succeed(`containerd github.com/containerd/containerd/v2 ${there.version} 0000000\n`);
  if (asked === "config dump") return succeed(`  SystemdCgroup = ${String(there.systemdCgroup)}\n`);
  return notCovered(`containerd ${asked}`);
};
