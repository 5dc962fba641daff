import { DEFAULT_DELAY, SIMULATE } from "./annotations";
import { annotation, condition, stage, type Stage } from "./stage";

const READY = `${condition("Ready")} == "True"`;
const FAILS = `${annotation(SIMULATE.fail, "")} == "not-ready"`;
/** A kubelet has no such condition: it is the simulator's own note that it is done. */
const ADVERTISED = "SimulatedDevicesAdvertised";
const DEVICES_MISSING = `(${annotation(SIMULATE.devices, "")} != "") and (${condition(ADVERTISED)} != "True")`;
const LIVING = ".metadata.deletionTimestamp == null";

/** Node leases say every few seconds that a node lives; its status needs a word only now and then. */
const HEARTBEAT = "5m";

const readyAs = (status: "True" | "False", reason: string, message: string): string => `
- type: Ready
  status: "${status}"
  reason: ${reason}
  message: ${message}
  lastHeartbeatTime: {{ Now | Quote }}
  lastTransitionTime: {{ Now | Quote }}`;

const pressure = (type: string, reason: string): string => `
- type: ${type}
  status: "False"
  reason: ${reason}
  lastHeartbeatTime: {{ Now | Quote }}
  lastTransitionTime: {{ Now | Quote }}`;

const healthy = `
conditions:
${readyAs("True", "KubeletReady", "simulated kubelet is ready")}
${pressure("MemoryPressure", "KubeletHasSufficientMemory")}
${pressure("DiskPressure", "KubeletHasNoDiskPressure")}
${pressure("PIDPressure", "KubeletHasSufficientPID")}
`;

const failing = `
conditions:
${readyAs("False", "KubeletNotReady", "made not ready by its annotation (simulated)")}
`;

const heartbeat = `
conditions:
- type: Ready
  lastHeartbeatTime: {{ Now | Quote }}
`;

/**
 * A kubelet learns of devices when a plugin registers, after it is Ready, and then adds them to capacity and allocatable
 * (https://kubernetes.io/docs/concepts/extend-kubernetes/compute-storage-net/device-plugins/). Here time brings them, not
 * a plugin's pod.
 */
const devices = `
capacity: {{ index .metadata.annotations "${SIMULATE.devices}" }}
allocatable: {{ index .metadata.annotations "${SIMULATE.devices}" }}
conditions:
- type: ${ADVERTISED}
  status: "True"
  reason: Simulated
  lastHeartbeatTime: {{ Now | Quote }}
  lastTransitionTime: {{ Now | Quote }}
`;

export const NODE_STAGES: readonly Stage[] = [
  stage({
    name: "node-becomes-ready",
    on: "Node",
    when: [LIVING, `${READY} | not`, `${FAILS} | not`],
    delay: annotation(SIMULATE.startDelay, DEFAULT_DELAY.nodeStart),
    status: healthy,
  }),
  stage({
    name: "node-devices-appear",
    on: "Node",
    when: [LIVING, READY, `${FAILS} | not`, DEVICES_MISSING],
    delay: annotation(SIMULATE.deviceDelay, DEFAULT_DELAY.device),
    status: devices,
  }),
  stage({ name: "node-fails", on: "Node", when: [LIVING, READY, FAILS], status: failing }),
  stage({
    name: "node-heartbeat",
    on: "Node",
    when: [LIVING, READY, `${FAILS} | not`, `${DEVICES_MISSING} | not`],
    delay: `"${HEARTBEAT}"`,
    status: heartbeat,
  }),
];
