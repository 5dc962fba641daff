import { type Problem, ProblemError } from "../../../../core/problem";
import { INVITATION } from "../facts";
import { firstOf } from "./controlPlane";
import { type Ended, type Login, type Machine, onMachine } from "./ssh";

/** Time from here to the join: packages are installed in between. */
const TTL = "30m";

/** https://kubernetes.io/docs/reference/setup-tools/kubeadm/kubeadm-token/ */
const MINT = `kubeadm token create --ttl ${TTL} --description "changeover: machines that join" --print-join-command`;
const JOIN = /kubeadm join (\S+) --token (\S+) --discovery-token-ca-cert-hash (\S+)/;
const DELIVER = [
  "set -eu",
  "umask 077",
  "mkdir -p /run/changeover",
  `cat > ${INVITATION}.new`,
  `mv ${INVITATION}.new ${INVITATION}`,
].join("\n");

/**
 * Has the control plane make a token and lays it on each machine, where its join takes it away. It never passes through
 * Pulumi: it is in no input, no output and no state, and ends by itself.
 */
export const inviteMachines = async (login: Login, machines: readonly Machine[]): Promise<void> => {
  if (machines.length === 0) return;
  const stdin = await mint(login);
  for (const machine of machines) {
    const laid = await onMachine(login, machine, remote => remote.run(DELIVER, { stdin }));
    if (laid.code !== 0) throw new ProblemError("no invitation", [notLaid(machine, laid)]);
  }
};

/** @returns one line: endpoint, token, hash of the authority. */
const mint = async (login: Login): Promise<string> => {
  const first = firstOf(login.ssh);
  const minted = await onMachine(login, first, remote => remote.run(MINT));
  const words = JOIN.exec(minted.stdout)?.slice(1);
  if (minted.code !== 0 || words === undefined) throw new ProblemError("no token", [noToken(first, minted)]);
  return `${words.join(" ")}\n`;
};

const noToken = ({ node }: Machine, { code, stderr }: Ended): Problem => ({
  code: "Kubeadm.NoToken",
  path: `hosts.${node}`,
  message: `kubeadm token create on ${node} ended with ${code}: ${stderr}`,
  fix: "put right what kubeadm names and run `pulumi up` again",
});

const notLaid = ({ node }: Machine, { code, stderr }: Ended): Problem => ({
  code: "Kubeadm.NotInvited",
  path: `hosts.${node}`,
  message: `the invitation could not be written on ${node} (${code}): ${stderr}`,
  fix: "see that the user may become root there without a password, and run `pulumi up` again",
});
