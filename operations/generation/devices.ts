import { TAINT } from "../../core/identity/names";
import type { NodeView } from "../../kube";

/** Extended resource → how many each node must offer. */
export type Devices = Readonly<Record<string, number>>;

/** What a node does not offer yet: its device plugin registers after its kubelet is Ready. */
export const missingDevices = ({ name, allocatable }: NodeView, expects: Devices = {}): string[] =>
  Object.entries(expects).flatMap(([resource, wanted]) => {
    const found = allocatable.other[resource] ?? 0;
    return found >= wanted ? [] : [`${name} has ${found} of ${wanted} ${resource} allocatable`];
  });

/**
 * New nodes are born with a taint that keeps off who could bring the devices: NVIDIA's own manifest tolerates
 * nvidia.com/gpu only (NVIDIA/k8s-device-plugin, deployments/static/nvidia-device-plugin.yml).
 */
export const deviceHint = (expects: Devices | undefined): string =>
  expects === undefined
    ? ""
    : `; ${Object.keys(expects).join(", ")} comes from a device plugin, whose DaemonSet must tolerate ${TAINT.unproven.key}`;
