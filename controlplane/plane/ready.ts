import { ProblemError } from "../../core/problem";
import { isAlive, type ProcessIdentity } from "../process/identity";
import { readProcess } from "../process/launch";
import { processPaths } from "../process/paths";
import { isPortFree } from "../process/ports";
import { lastLines } from "../process/tail";
import { answersOk } from "../probe";
import { waitFor } from "../wait";
import { BALANCER, CONTROLLER_MANAGER, ETCD, isApiserver, SCHEDULER, type Role } from "./roles";

const DEADLINE_MS = 90_000;
const SHOWN_LINES = 5;
const HEALTH_PATHS: Readonly<Record<string, string>> = {
  [ETCD]: "/readyz",
  [CONTROLLER_MANAGER]: "/healthz",
  [SCHEDULER]: "/readyz",
};

/** Without these no waiting helps: when one of them dies while another is awaited, everything is looked at anew. */
const NEEDED: Readonly<Partial<Record<Role, readonly Role[]>>> = {
  "kube-apiserver-a": [ETCD],
  "kube-apiserver-b": [ETCD],
  [CONTROLLER_MANAGER]: [ETCD, BALANCER],
  [SCHEDULER]: [ETCD, BALANCER],
};

export interface Awaited {
  readonly dir: string;
  readonly role: Role;
  readonly port: number;
  readonly identity: ProcessIdentity;
}

export const isReady = async ({ dir, role, port }: Omit<Awaited, "identity">): Promise<boolean> => {
  if (role === BALANCER) return !(await isPortFree(port));
  const path = isApiserver(role) ? "/readyz" : (HEALTH_PATHS[role] ?? "/readyz");
  return answersOk({ dir, side: role === ETCD ? "etcd" : "api", port, path });
};

const logOf = ({ dir, role }: Pick<Awaited, "dir" | "role">): string => {
  const path = processPaths(dir, role).log;
  const lines = lastLines(path, SHOWN_LINES).map(line => `\n      ${line}`);
  return `${path}${lines.join("")}`;
};

/** A process ended instead of becoming ready (its port may have been taken), or one that it needs: try again. */
export class EndedEarly extends ProblemError {
  constructor(awaited: Pick<Awaited, "dir" | "role">, when: string) {
    const { role } = awaited;
    const message = `${role} ended ${when}; the last lines of ${logOf(awaited)}`;
    const fix =
      "read the log; when it is the machine (memory, disk, open files), mend that and run the command again";
    super("the control plane did not come up", [
      { code: "ControlPlane.ProcessEnded", path: role, message, fix },
    ]);
  }
}

const refuseInVain = ({ dir, role, identity }: Awaited): void => {
  if (!isAlive(identity)) throw new EndedEarly({ dir, role }, "right after its start");
  const gone = NEEDED[role]?.find(needed => readProcess(dir, needed)?.alive !== true);
  if (gone !== undefined) throw new EndedEarly({ dir, role: gone }, `while ${role} waited for it`);
};

/** Waits until a server answers its health check with 200. */
export const waitReady = async (awaited: Awaited, signal: AbortSignal): Promise<void> => {
  const look = async (): Promise<true | undefined> => {
    if (await isReady(awaited)) return true;
    refuseInVain(awaited);
    return undefined;
  };
  await waitFor(look, { signal, deadlineMs: DEADLINE_MS, fastestMs: 25, slowestMs: 200 }, () => ({
    code: "ControlPlane.NotReady",
    path: awaited.role,
    message: `${awaited.role} runs but was not ready within ${DEADLINE_MS / 1000} s; the last lines of ${logOf(awaited)}`,
    fix: "read the log; on a machine under heavy load run the command again",
  }));
};
