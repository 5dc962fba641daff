import { createHash } from "node:crypto";
import { TOOL_IDS, toolLock } from "../../controlplane/tools/lock";
import { LABEL } from "../../core/identity/names";
import { ProblemError } from "../../core/problem";
import { SIMULATE, SIMULATED } from "../simulator/annotations";
import type { LabPool } from "./record";

interface Machine {
  readonly cpu: string;
  readonly memory: string;
  /** Extended resources, which a node offers only some time after it is Ready. */
  readonly devices?: Readonly<Record<string, string>>;
}

/** The stand-in cloud's price list. */
export const MACHINES: Readonly<Record<string, Machine>> = {
  "lab.small": { cpu: "2", memory: "4Gi" },
  "lab.medium": { cpu: "4", memory: "8Gi" },
  "lab.large": { cpu: "8", memory: "16Gi" },
  "lab.gpu": { cpu: "8", memory: "16Gi", devices: { "nvidia.com/gpu": "1" } },
};
const DEFAULT_MACHINE = "lab.medium";
const DEFAULT_ZONES = ["lab-a"];
const PODS = "110";
const DISK = "100Gi";

const machineOf = (name: string): Machine => {
  const machine = MACHINES[name];
  if (machine !== undefined) return machine;
  const allowed = Object.keys(MACHINES).join(", ");
  throw new ProblemError("no such machine", [
    {
      code: "Lab.UnknownMachine",
      path: "machine",
      message: `the lab has no machine "${name}"; there are ${allowed}`,
      fix: `use one of ${allowed}`,
    },
  ]);
};

export const checkMachine = (name: string | undefined): void => void machineOf(name ?? DEFAULT_MACHINE);

/** Whose machine a node is, to the lab itself: pools that others made bear no label of changeover's. */
export const MACHINE_OF = "lab.changeover.dev/node-group";

/** A minor alone means the patch the lab would run, or its first where the lab runs none of that minor. */
export const kubeletVersion = (version: string): string => {
  if (version.split(".").length > 2) return `v${version}`;
  const id = TOOL_IDS.find(tool => tool === `kubernetes-${version}`);
  return id === undefined ? `v${version}.0` : `v${toolLock(id).version}`;
};

export const nodeName = (generation: string, index: number): string => `${generation}-${index}`;

export const nodeIndex = (generation: string, name: string): number =>
  Number(name.slice(generation.length + 1));

/** Any address will do, as long as a node keeps its own: nobody dials it. */
const addressOf = (name: string): string => {
  const [a = 0, b = 0, c = 0] = createHash("sha256").update(name).digest();
  return `10.${64 + (a % 64)}.${b}.${1 + (c % 254)}`;
};

const zoneOf = ({ zones }: LabPool, index: number): string => {
  const offered = zones.length === 0 ? DEFAULT_ZONES : zones;
  return offered[index % offered.length] ?? "";
};

/** A stand-in cloud's pool may have been made by somebody else: then it is no pool of changeover's. */
const marksOf = ({ pool, generation }: LabPool): Record<string, string> =>
  pool === "" ? {} : { [LABEL.pool]: pool, [LABEL.generation]: generation };

const labelsOf = (lab: string, pool: LabPool, index: number): Record<string, string> => ({
  "kubernetes.io/arch": "amd64",
  "kubernetes.io/os": "linux",
  "kubernetes.io/hostname": nodeName(pool.generation, index),
  "node.kubernetes.io/instance-type": pool.machine ?? DEFAULT_MACHINE,
  "topology.kubernetes.io/region": lab,
  "topology.kubernetes.io/zone": zoneOf(pool, index),
  ...pool.labels,
  ...marksOf(pool),
  [MACHINE_OF]: pool.generation,
  [SIMULATED]: "true",
});

/** Seventeen hex digits, as EC2's ids have them; a node keeps its own, and so does one made anew under its name. */
export const machineId = (name: string): string =>
  createHash("sha256").update(name).digest("hex").slice(0, 17);

const providerIdOf = (lab: string, { dress }: LabPool, place: { name: string; zone: string }): string =>
  dress === undefined
    ? `lab://${lab}/${place.name}`
    : dress.providerId.replace("{zone}", place.zone).replace("{id}", machineId(place.name));

const statusOf = (pool: LabPool, name: string): object => {
  const { cpu, memory } = pool.dress ?? machineOf(pool.machine ?? DEFAULT_MACHINE);
  const resources = { cpu, memory, pods: PODS, "ephemeral-storage": DISK };
  const nodeInfo = {
    kubeletVersion: kubeletVersion(pool.version),
    kubeProxyVersion: "",
    osImage: "simulated (changeover lab)",
    kernelVersion: "simulated",
    containerRuntimeVersion: "simulated://1.0.0",
    operatingSystem: "linux",
    architecture: "amd64",
    machineID: name,
    systemUUID: name,
    bootID: name,
  };
  const addresses = [
    { type: "InternalIP", address: addressOf(name) },
    { type: "Hostname", address: name },
  ];
  return { capacity: resources, allocatable: resources, nodeInfo, addresses };
};

const annotationsOf = ({ dress, machine = DEFAULT_MACHINE }: LabPool): Record<string, string> => {
  const devices = dress === undefined ? machineOf(machine).devices : undefined;
  const note = { "lab.changeover.dev/note": "not a machine: simulated by kwok" };
  return devices === undefined ? note : { ...note, [SIMULATE.devices]: JSON.stringify(devices) };
};

/** A machine as it registers itself: born with the template's taints, not yet ready. */
export const nodeBody = (lab: string, pool: LabPool, index: number): object => {
  const name = nodeName(pool.generation, index);
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: labelsOf(lab, pool, index),
      annotations: annotationsOf(pool),
    },
    spec: {
      providerID: providerIdOf(lab, pool, { name, zone: zoneOf(pool, index) }),
      taints: pool.templateTaints,
    },
    status: statusOf(pool, name),
  };
};
