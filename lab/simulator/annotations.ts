/** What a pod or node may carry to be simulated otherwise. Durations are texts: "300ms", "5s", "2m". */
export const SIMULATE = {
  /** Pod or node: until it starts. */
  startDelay: "lab.changeover.dev/start-delay",
  /** Pod: from running to ready. */
  readyDelay: "lab.changeover.dev/ready-delay",
  /** Pod: from its deletion until it is gone; never longer than its grace period. */
  stopDelay: "lab.changeover.dev/stop-delay",
  /** Pod: "crash-loop", "never-ready" or "image-pull". Node: "not-ready". */
  fail: "lab.changeover.dev/fail",
  /** Node: what a device plugin brings some time after the kubelet is ready, as JSON: {"nvidia.com/gpu":"1"}. */
  devices: "lab.changeover.dev/devices",
  /** Node: how long after that. */
  deviceDelay: "lab.changeover.dev/device-delay",
  /** Pod that ends by itself: its exit code. */
  exitCode: "lab.changeover.dev/exit-code",
  /** Pod that ends by itself: how long it runs. */
  duration: "lab.changeover.dev/duration",
  /** Pod that ends by itself: its last words, as the termination message. */
  message: "lab.changeover.dev/message",
} as const;

/** On everything that is not real: label of nodes, by which the simulator knows what is its own. */
export const SIMULATED = "lab.changeover.dev/simulated";

export const DEFAULT_DELAY = {
  nodeStart: "500ms",
  device: "2s",
  podStart: "1s",
  podReady: "500ms",
  podStop: "1500ms",
  jobRun: "2s",
} as const;
