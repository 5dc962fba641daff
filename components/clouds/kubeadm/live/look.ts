import { ProblemError } from "../../../../core/problem";
import { MARKS } from "../facts";
import type { Machine, Remote } from "./ssh";

/** Says "generation NAME" where the machine joined one of ours, or was joining. */
export const READ_MARK = `for mark in joined joining; do [ -f ${MARKS}/$mark ] && echo "generation $(cat ${MARKS}/$mark)"; done`;

/** What a script that only looks printed, a line "name value" each; a value may have spaces. A machine on which it did not run says nothing at all. */
export const lookAt = async (
  machine: Machine,
  remote: Remote,
  script: string,
): Promise<ReadonlyMap<string, string>> => {
  const { code, stdout, stderr } = await remote.run(script);
  if (code !== 0) throw new ProblemError("a machine was not looked at", [notRoot(machine, stderr)]);
  return new Map(stdout.split("\n").map(readLine));
};

const readLine = (line: string): [string, string] => {
  const [name = "", ...value] = line.split(" ");
  return [name, value.join(" ")];
};

const notRoot = ({ node, address }: Machine, stderr: string) => ({
  code: "Kubeadm.NotRoot" as const,
  path: `hosts.${node}`,
  message: `${node} at ${address} ran no command as root: ${stderr.trim()}`,
  fix: "let the user of cluster.kubeadm.ssh use sudo without a password there, or log in as root",
});
