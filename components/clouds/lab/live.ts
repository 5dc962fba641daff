import { CATALOG } from "../../../data";
import { TAINT } from "../../../core/identity/names";
import { ProblemError } from "../../../core/problem";
import { addMinors, matchesVersion, minorText, parseKubeVersion } from "../../../core/version/kubeVersion";
import { destroyLab, ensureLab, labKubeconfig, labStatus, proveLabBackup, takeLabBackup } from "../../../lab";
import {
  closeLabPool,
  deleteLabPool,
  ensureLabPool,
  type LabPoolSpec,
  openLabPool,
  readLabPool,
  releaseLabNode,
  resizeLabPool,
  setTemplateTaints,
} from "../../../lab/nodes";
import type { CloudLive, PoolRef } from "../../../operations/ports";
import type { LabControlPlaneInputs, LabControlPlaneOutputs, LabNodePoolInputs } from "./protocol";

/** The lab as a cloud: a folder on this machine is its API. */
export const labLive: CloudLive = {
  access: connection => {
    const kubeconfig = labKubeconfig(connection.name);
    return Promise.resolve(kubeconfig === undefined ? "absent" : { kubeconfig });
  },
  poolSize: pool => Promise.resolve(readPool(pool)?.desired ?? "absent"),
  resizePool: async (pool, desired) => {
    await resizeLabPool(pool.connection.name, { generation: pool.generation, desired });
  },
  releaseNodes: async (pool, nodes) => {
    const { generation } = pool;
    for (const name of nodes) await releaseLabNode(pool.connection.name, { generation, name });
  },
  closePool: async pool => {
    if (readPool(pool) !== undefined) await closeLabPool(pool.connection.name, pool.generation);
  },
  openPool: async pool => {
    const found = readPool(pool);
    if (found === undefined) return;
    const taints = found.templateTaints.filter(({ key }) => key !== TAINT.unproven.key);
    // The template first: what opening refills must not be born unproven.
    await setTemplateTaints(pool.connection.name, { generation: pool.generation, taints });
    await openLabPool(pool.connection.name, pool.generation);
  },
  reopenPool: async pool => {
    if (readPool(pool) !== undefined) await openLabPool(pool.connection.name, pool.generation);
  },
  backup: (connection, signal) => takeLabBackup(connection.name, signal),
  proveBackup: (connection, file, signal) => proveLabBackup(connection.name, file, signal),
};

const readPool = ({ connection, generation }: PoolRef) => readLabPool(connection.name, generation);

/** What config asks for, in the lab's own words: an exact patch, and the minor to emulate. */
const planeVersion = ({
  version,
  stage,
}: Pick<LabControlPlaneInputs, "version" | "stage">): { version: string; emulated?: string } => {
  const exact = offered(version);
  const parsed = parseKubeVersion(version);
  if (exact === undefined || !parsed.ok) throw new ProblemError("version not offered", [notOffered(version)]);
  const emulated = stage === "final" ? undefined : minorText(addMinors(parsed.value, -1));
  return emulated === undefined ? { version: exact } : { version: exact, emulated };
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
  const lab = labStatus(inputs.cluster);
  const wanted = planeVersion(inputs);
  const same = lab.version === wanted.version && lab.emulated === wanted.emulated;
  return { asWanted: lab.state === "running" && same };
};

/** Makes, mends or moves the lab's control plane until it is what is wanted. */
export const convergeControlPlane = async (
  inputs: LabControlPlaneInputs,
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<LabControlPlaneOutputs["outcome"]> => {
  const wanted = planeVersion(inputs);
  const lab = await ensureLab({ name: inputs.cluster, ...wanted }, { progress: log, signal });
  const outcome = { binary: wanted.version, kubeconfig: lab.kubeconfig ?? "" };
  return wanted.emulated === undefined ? outcome : { ...outcome, emulated: wanted.emulated };
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
  await ensureLabPool(inputs.connection.name, machinesOf(inputs), { signal });
};

const machinesOf = ({ pool, generation, spec }: LabNodePoolInputs): LabPoolSpec => ({
  pool,
  generation,
  version: kubeletVersion(spec.version),
  size: spec.size,
  start: spec.start,
  machine: spec.machine ?? "lab.medium",
  zones: spec.zones,
  labels: spec.labels,
  taints: [...spec.taints, TAINT.unproven],
});

export const removePool = (inputs: LabNodePoolInputs, signal: AbortSignal): Promise<void> =>
  deleteLabPool(inputs.connection.name, inputs.generation, { signal });
