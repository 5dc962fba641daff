import { readProcess } from "../process/launch";
import { processPaths } from "../process/paths";
import type { Seen } from "./plan";
import { apiserverCountOf, kubeconfigPath, readRecord } from "./record";
import { APISERVERS, BALANCER, ROLES } from "./roles";
import type { ControlPlaneState, ProcessState } from "./spec";

export const seeProcesses = (dir: string): Seen =>
  Object.fromEntries(
    ROLES.map(role => [role, readProcess(dir, role)] as const).filter(([, seen]) => seen !== undefined),
  );

export const describeProcess = (dir: string, role: string): ProcessState | undefined => {
  const seen = readProcess(dir, role);
  if (seen === undefined) return undefined;
  return {
    role,
    program: seen.order.program,
    ...(seen.identity === undefined ? {} : { pid: seen.identity.pid }),
    alive: seen.alive,
    port: seen.order.port,
    log: processPaths(dir, role).log,
  };
};

/** What the folder says; `undefined` where there is no control plane. Asks processes, not the API. */
export const readControlPlane = (dir: string): ControlPlaneState | undefined => {
  const record = readRecord(dir);
  if (record === undefined) return undefined;
  const processes = ROLES.map(role => describeProcess(dir, role)).filter(state => state !== undefined);
  const isServer = (role: string): boolean => (APISERVERS as readonly string[]).includes(role);
  return {
    name: record.name,
    dir,
    version: record.version,
    ...(record.emulated === undefined ? {} : { emulated: record.emulated }),
    apiserverCount: apiserverCountOf(record),
    apiservers: processes
      .filter(({ role }) => isServer(role))
      .map(({ program }) => program.split("@")[1] ?? ""),
    kubeconfig: kubeconfigPath(dir),
    endpoint: `https://127.0.0.1:${record.ports[BALANCER]}`,
    processes,
    ...(record.uid === undefined ? {} : { uid: record.uid }),
  };
};
