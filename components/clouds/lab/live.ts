import { CATALOG } from "../../../data";
import { TAINT } from "../../../core/identity/names";
import { ProblemError } from "../../../core/problem";
import { addMinors, matchesVersion, minorText, parseKubeVersion } from "../../../core/version/kubeVersion";
import {
  closeLabPool,
  deleteLabPool,
  destroyLab,
  ensureLab,
  ensureLabPool,
  labKubeconfig,
  type LabPool,
  openLabPool,
  proveLabBackup,
  readLab,
  readLabPool,
  resizeLabPool,
  takeLabBackup,
} from "../../../lab";
import type { CloudLive, PoolRef } from "../../../operations/ports";
import type { LabControlPlaneInputs, LabControlPlaneOutputs, LabNodePoolInputs } from "./protocol";

const refOf = ({ connection, generation }: PoolRef) => ({ lab: connection.name, generation });

/** The lab as a cloud: a folder on this machine is its API. */
export const labLive: CloudLive = {
  access: connection => {
    const kubeconfig = labKubeconfig(connection.name);
    return Promise.resolve(kubeconfig === undefined ? "absent" : { kubeconfig });
  },
  poolSize: pool => Promise.resolve(readLabPool(refOf(pool))?.size ?? "absent"),
  resizePool: (pool, size) => resizeLabPool(refOf(pool), size),
  closePool: pool => closeLabPool(refOf(pool)),
  openPool: pool => openLabPool(refOf(pool), { without: TAINT.unproven.key }),
  backup: (connection, signal) => takeLabBackup(connection.name, signal),
  proveBackup: (connection, file, signal) => proveLabBackup(connection.name, file, signal),
};

/** What config asks for, in the lab's own words: an exact patch, and the minor to emulate. */
const planeVersion = ({ version, stage }: Pick<LabControlPlaneInputs, "version" | "stage">) => {
  const exact = offered(version);
  const parsed = parseKubeVersion(version);
  if (exact === undefined || !parsed.ok) throw new ProblemError("version not offered", [notOffered(version)]);
  return stage === "final" ? { version: exact } : { version: exact, emulated: minorText(addMinors(parsed.value, -1)) };
};

const offered = (version: string): string | undefined =>
  Object.values(CATALOG.lab).find(exact => matchesVersion(exact, version));

/** A simulated kubelet reports what it is told to: any version, whether or not its programs are at hand. */
const kubeletVersion = (version: string): string =>
  offered(version) ?? (version.split(".").length > 2 ? version : `${version}.0`);

const notOffered = (version: string) => ({
  code: "Lab.VersionNotOffered" as const,
  path: "cluster.version",
  message: `found "${version}"; the lab offers ${Object.values(CATALOG.lab).join(", ")}`,
  fix: "choose one of these, or its minor",
});

/** Whether the lab runs, whole, what is wanted. */
export const seeControlPlane = (inputs: LabControlPlaneInputs): { readonly asWanted: boolean } => {
  const lab = readLab(inputs.cluster);
  if (lab === undefined || !lab.healthy) return { asWanted: false };
  const wanted = planeVersion(inputs);
  return { asWanted: lab.version === wanted.version && lab.emulated === wanted.emulated };
};

/** Makes, mends or moves the lab's control plane until it is what is wanted. */
export const convergeControlPlane = async (
  inputs: LabControlPlaneInputs,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<LabControlPlaneOutputs["outcome"]> => {
  const wanted = planeVersion(inputs);
  const lab = await ensureLab({ name: inputs.cluster, ...wanted }, { progress: log, signal });
  const outcome = { binary: lab.version, kubeconfig: lab.kubeconfig };
  return lab.emulated === undefined ? outcome : { ...outcome, emulated: lab.emulated };
};

export const removeControlPlane = async (
  inputs: LabControlPlaneInputs,
  log: (line: string) => void,
): Promise<void> => {
  await destroyLab(inputs.cluster);
  log(`lab ${inputs.cluster} is gone: processes, ports and files`);
};

/** Makes the generation's simulated machines, or resizes them to the bounds that config states. */
export const convergePool = async (inputs: LabNodePoolInputs, signal: AbortSignal): Promise<void> => {
  await ensureLabPool(poolOf(inputs), { signal });
};

const poolOf = ({ cluster, pool, generation, spec }: LabNodePoolInputs): LabPool => ({
  lab: cluster,
  pool,
  generation,
  kubelet: kubeletVersion(spec.version),
  machine: spec.machine ?? "lab.medium",
  zones: spec.zones,
  labels: spec.labels,
  taints: spec.taints,
  bounds: spec.size,
  bornWith: [TAINT.unproven],
});

export const removePool = (inputs: LabNodePoolInputs, signal: AbortSignal): Promise<void> =>
  deleteLabPool({ lab: inputs.cluster, generation: inputs.generation }, { signal });
