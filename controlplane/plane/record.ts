import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "../files";
import { findPort, isPortFree } from "../process/ports";
import { ROLES, type ApiserverCount, type Role } from "./roles";

export type PortName = Role | "etcd-peer";

const PORT_NAMES: readonly PortName[] = [...ROLES, "etcd-peer"];

/** What a control plane's folder remembers beside its processes. */
export interface PlaneRecord {
  readonly protocol: 1;
  readonly name: string;
  readonly version: string;
  readonly emulated?: string | undefined;
  /** Absent = 2. */
  readonly apiserverCount?: ApiserverCount;
  readonly ports: Readonly<Record<PortName, number>>;
  readonly uid?: string;
}

const recordPath = (dir: string): string => join(dir, "plane.json");

export const kubeconfigPath = (dir: string): string => join(dir, "kubeconfig");

/** Kubeconfig of a component, all of them through the balancer. */
export const componentKubeconfig = (dir: string, role: string): string => join(dir, "kubeconfigs", role);

export const readRecord = (dir: string): PlaneRecord | undefined => {
  const record = readJson<PlaneRecord>(recordPath(dir));
  return record?.protocol === 1 ? record : undefined;
};

export const writeRecord = (dir: string, record: PlaneRecord): void => {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  writeJson(recordPath(dir), record);
};

export const apiserverCountOf = (record: Pick<PlaneRecord, "apiserverCount"> | undefined): ApiserverCount =>
  record?.apiserverCount ?? 2;

export const choosePorts = async (): Promise<PlaneRecord["ports"]> => {
  const ports: Partial<Record<PortName, number>> = {};
  for (const name of PORT_NAMES) ports[name] = await findPort(new Set(Object.values(ports)));
  return ports as PlaneRecord["ports"];
};

/** Somebody else's server on a port of ours makes us choose another; the caller knows that ours does not run. */
export const replaceTakenPorts = async (
  record: PlaneRecord,
  names: readonly PortName[],
): Promise<PlaneRecord | undefined> => {
  const ports = { ...record.ports };
  let changed = false;
  for (const name of names) {
    if (await isPortFree(ports[name])) continue;
    ports[name] = await findPort(new Set(Object.values(ports)));
    changed = true;
  }
  return changed ? { ...record, ports } : undefined;
};
