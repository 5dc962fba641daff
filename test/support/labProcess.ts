import { labStatus } from "../../lab";

/** The process that plays a role in a lab. Throws where there is none: a signal to pid 0 would hit the tests themselves. */
export const pidOf = (lab: string, role: string): number => {
  const pid = labStatus(lab).processes.find(one => one.role === role)?.pid;
  if (pid === undefined) throw new Error(`the lab ${lab} has no ${role}`);
  return pid;
};
