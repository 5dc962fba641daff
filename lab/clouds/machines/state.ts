import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { readJson, writeJson } from "../../../controlplane/files";
import type { Failures } from "../fault";

export type PackageName = "kubeadm" | "kubelet" | "kubectl" | "cri-tools";

/** The container runtime, which its owner put there. */
export interface Containerd {
  readonly version: string;
  /** False = its CRI plugin is switched off. */
  readonly answers: boolean;
  readonly running: boolean;
  readonly systemdCgroup: boolean;
}

/** One machine, as its programs find it. */
export interface MachineRecord {
  readonly name: string;
  readonly controlPlane: boolean;
  /** Installed packages: "1.36.4-1.1". */
  readonly packages: Partial<Record<PackageName, string>>;
  held: readonly string[];
  /** Minors that `apt-get update` found repositories of. */
  minors: readonly string[];
  containerd?: Containerd;
}

export interface MachinesState {
  /** What `kubeadm upgrade apply` last made the cluster: "1.36.4". */
  version: string;
  readonly machines: Record<string, MachineRecord>;
  /** Token → when it ends, ms. */
  readonly tokens: Record<string, number>;
}

/** What programs share: the lab behind, and what the machines remember. */
export interface World {
  readonly folder: string;
  readonly lab: string;
  readonly state: MachinesState;
  readonly failures: Failures;
  /** Command lines of all programs so far: "w1: kubeadm join --config …". */
  readonly journal: string[];
  readonly signal: AbortSignal;
  readonly save: () => void;
}

/** One program's place: its machine, and the folder that is its root. */
export interface Place {
  readonly world: World;
  readonly machine: MachineRecord;
  readonly root: string;
}

export const rootOf = (folder: string, machine: string): string => join(folder, machine, "root");

export const openState = (
  folder: string,
  born: MachinesState,
): { readonly state: MachinesState; readonly save: () => void } => {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "machines.json");
  const state = readJson<MachinesState>(path) ?? born;
  return { state, save: () => writeJson(path, state) };
};
