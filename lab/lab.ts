import { existsSync, realpathSync, rmSync } from "node:fs";
import {
  ensureControlPlane,
  readControlPlane,
  stopControlPlane,
  type ControlPlaneSpec,
  type ControlPlaneState,
  type RunOptions,
} from "../controlplane";
import { exclusively } from "../controlplane/exclusive";
import { describeProcess } from "../controlplane/plane/read";
import { rolesWith } from "../controlplane/plane/roles";
import type { ProcessState } from "../controlplane";
import { checkFolder, ensureMark, labDir, labFolders, planeDir, refuseForeign } from "./home";
import { ensureSimulator, SIMULATOR, stopSimulator } from "./simulator/ensure";
import type { Problem } from "../core/problem";

export type LabSpec = ControlPlaneSpec;

export interface LabStatus {
  readonly name: string;
  readonly dir: string;
  /**
   * running = every process lives; broken = some died; down = none lives; incomplete = its making was interrupted;
   * absent = no such lab; foreign = a folder that is not ours to touch (see `problem`).
   */
  readonly state: "running" | "broken" | "down" | "incomplete" | "absent" | "foreign";
  /** Where its control plane lives. */
  readonly planeDir: string;
  readonly version?: string;
  readonly emulated?: string;
  readonly endpoint?: string;
  readonly kubeconfig?: string;
  readonly uid?: string;
  readonly processes: readonly ProcessState[];
  readonly problem?: Problem;
}

/** Those of the control plane, and the simulator. */
const expectedOf = ({ apiserverCount }: ControlPlaneState): number => rolesWith(apiserverCount).length + 1;

/** For callers that neither show progress nor stop early. */
const quietly = (): RunOptions => ({ progress: () => undefined, signal: new AbortController().signal });

/** Brings the lab to `spec`, from whatever is found; see ensureControlPlane for what is refused. */
export const ensureLab = async (spec: LabSpec, options: RunOptions = quietly()): Promise<LabStatus> => {
  ensureMark(spec.name);
  const dir = realpathSync(labDir(spec.name));
  await exclusively(dir, options, async inside => {
    const plane = await ensureControlPlane(planeDir(spec.name), spec, inside);
    await ensureSimulator(dir, plane, inside);
  });
  return labStatus(spec.name);
};

/** Ends every process of the lab and removes its folder; a lab that is not there is fine. */
export const destroyLab = async (name: string, options: RunOptions = quietly()): Promise<void> => {
  refuseForeign(name);
  const folder = labDir(name);
  if (!existsSync(folder)) return;
  const dir = realpathSync(folder);
  await exclusively(dir, options, async inside => {
    await stopSimulator(dir, inside.signal);
    await stopControlPlane(planeDir(name), inside);
    rmSync(dir, { recursive: true, force: true });
  });
};

const stateOf = (
  plane: ControlPlaneState | undefined,
  processes: readonly ProcessState[],
): LabStatus["state"] => {
  if (plane === undefined) return "incomplete";
  const living = processes.filter(({ alive }) => alive).length;
  if (living === expectedOf(plane)) return "running";
  if (living === 0) return "down";
  return processes.length < expectedOf(plane) ? "incomplete" : "broken";
};

const knownOf = ({
  version,
  emulated,
  endpoint,
  kubeconfig,
  uid,
}: ControlPlaneState): Partial<LabStatus> => ({
  version,
  ...(emulated === undefined ? {} : { emulated }),
  endpoint,
  kubeconfig,
  ...(uid === undefined ? {} : { uid }),
});

/** What the lab's folder and processes say; nothing is changed and the API is not asked. */
export const labStatus = (name: string): LabStatus => {
  const dir = labDir(name);
  const nothing = { name, dir, planeDir: planeDir(name), processes: [] };
  const problem = checkFolder(name);
  if (problem !== undefined) return { ...nothing, state: "foreign", problem };
  if (!existsSync(dir)) return { ...nothing, state: "absent" };
  const plane = readControlPlane(planeDir(name));
  const simulator = describeProcess(dir, SIMULATOR);
  const processes = [...(plane?.processes ?? []), ...(simulator === undefined ? [] : [simulator])];
  const known = plane === undefined ? {} : knownOf(plane);
  return { ...nothing, state: stateOf(plane, processes), ...known, processes };
};

/** Every lab of this user, sorted by name. */
export const listLabs = (): readonly LabStatus[] => labFolders().map(labStatus);

/** Path of the lab's kubeconfig; `undefined` while there is no such lab. */
export const labKubeconfig = (name: string): string | undefined => {
  const plane = readControlPlane(planeDir(name));
  return plane !== undefined && existsSync(plane.kubeconfig) ? plane.kubeconfig : undefined;
};
