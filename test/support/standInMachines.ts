import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StandInMachines, type StandInOptions, startStandInMachines } from "../../lab/clouds/machines";

const AGENT = "SSH_AUTH_SOCK";

export interface OpenMachines {
  readonly folder: string;
  readonly machines: StandInMachines;
  readonly close: () => Promise<void>;
}

/** Machines whose ssh agent is this process's until they are closed. */
export const openStandInMachines = async (options: Omit<StandInOptions, "folder">): Promise<OpenMachines> => {
  const before = process.env[AGENT];
  const folder = mkdtempSync(join(tmpdir(), "changeover-machines-"));
  const machines = await startStandInMachines({ ...options, folder });
  process.env[AGENT] = machines.agent;
  const close = async (): Promise<void> => {
    if (before === undefined) Reflect.deleteProperty(process.env, AGENT);
    else process.env[AGENT] = before;
    await machines.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { folder, machines, close };
};
