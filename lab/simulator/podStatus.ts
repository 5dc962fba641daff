import { SIMULATE } from "./annotations";

/*
 * Go templates of what a kubelet would write. Lists of containers are replaced as a whole by a status patch, so each
 * template writes all of them; conditions are merged by their type.
 */
const HEAD = `
{{ $now := Now }}
{{ $root := . }}
{{ $annotations := or .metadata.annotations dict }}
{{ $old := dict }}
{{ range .status.containerStatuses }}{{ $old = set $old .name . }}{{ end }}
`;

const setCondition = (type: string, status: "True" | "False", reason = ""): string => `
- type: ${type}
  status: "${status}"
  reason: "${reason}"
  lastTransitionTime: {{ $now | Quote }}`;

const GATES = `
{{ range .spec.readinessGates }}
- type: {{ .conditionType | Quote }}
  status: "True"
  lastTransitionTime: {{ $now | Quote }}
{{ end }}`;

const initContainers = `
{{ if .spec.initContainers }}
initContainerStatuses:
{{ range .spec.initContainers }}
{{ $sidecar := eq (or .restartPolicy "") "Always" }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
  ready: true
  started: {{ $sidecar }}
  restartCount: 0
  state:
{{ if $sidecar }}
    running: {startedAt: {{ $now | Quote }}}
{{ else }}
    terminated: {exitCode: 0, reason: Completed, startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}
{{ end }}
{{ end }}
{{ end }}`;

/** All containers alike; \`body\` is what differs. Inside it \`$before\` is the container's former status. */
const containers = (body: string): string => `
containerStatuses:
{{ range .spec.containers }}
{{ $before := or (get $old .name) dict }}
{{ $restarts := int (or $before.restartCount 0) }}
- name: {{ .name | Quote }}
  image: {{ .image | Quote }}
  imageID: ""
${body}
{{ end }}`;

const addresses = `
hostIP: {{ NodeIPWith .spec.nodeName | Quote }}
podIP: {{ PodIPWith .spec.nodeName (or .spec.hostNetwork false) (or .metadata.uid "") (or .metadata.name "") (or .metadata.namespace "") | Quote }}
startTime: {{ $now | Quote }}`;

const RUNNING = `  started: true
  restartCount: {{ $restarts }}
  state:
    running: {startedAt: {{ $now | Quote }}}`;

/** Running, not yet ready. */
export const started = `${HEAD}
phase: Running
conditions:
${setCondition("PodReadyToStartContainers", "True")}
${setCondition("Initialized", "True")}
${setCondition("ContainersReady", "False", "ContainersNotReady")}
${setCondition("Ready", "False", "ContainersNotReady")}
${initContainers}
${containers(`  ready: false\n${RUNNING}`)}
${addresses}
`;

export const ready = `${HEAD}
conditions:
${setCondition("ContainersReady", "True")}
${setCondition("Ready", "True")}
${GATES}
${containers(`  ready: true\n${RUNNING}`)}
`;

export const pullFailing = `${HEAD}
phase: Pending
conditions:
${setCondition("Initialized", "True")}
${setCondition("ContainersReady", "False", "ContainersNotReady")}
${setCondition("Ready", "False", "ContainersNotReady")}
${containers(`  ready: false
  started: false
  restartCount: 0
  state:
    waiting:
      reason: ImagePullBackOff
      message: {{ printf "Back-off pulling image %s (simulated)" .image | Quote }}`)}
`;

export const crashing = `${HEAD}
conditions:
${setCondition("ContainersReady", "False", "ContainersNotReady")}
${setCondition("Ready", "False", "ContainersNotReady")}
${containers(`  ready: false
  started: false
  restartCount: {{ add $restarts 1 }}
  lastState:
    terminated: {exitCode: 1, reason: Error, message: "crashed (simulated)", startedAt: {{ $now | Quote }}, finishedAt: {{ $now | Quote }}}
  state:
    waiting:
      reason: CrashLoopBackOff
      message: {{ printf "back-off restarting failed container %s (simulated)" .name | Quote }}`)}
`;

const finish = (code: string, message: string): string => `  ready: false
  started: false
  restartCount: {{ $restarts }}
  state:
    terminated:
      exitCode: ${code}
      reason: {{ if eq (${code.replace(/[{}]/g, "").trim()}) 0 }}Completed{{ else }}Error{{ end }}
      message: ${message}
      startedAt: {{ dig "state" "running" "startedAt" $now $before | Quote }}
      finishedAt: {{ $now | Quote }}`;

/** A pod that ends by itself: as its annotations say, else well. */
export const ended = `${HEAD}
{{ $code := int (or (get $annotations "${SIMULATE.exitCode}") "0") }}
{{ $said := or (get $annotations "${SIMULATE.message}") "" }}
{{ if and (ne $code 0) (eq $said "") }}{{ $said = printf "exit code %d (simulated)" $code }}{{ end }}
phase: {{ if eq $code 0 }}Succeeded{{ else }}Failed{{ end }}
conditions:
${setCondition("ContainersReady", "False", "PodCompleted")}
${setCondition("Ready", "False", "PodCompleted")}
${containers(finish("{{ $code }}", "{{ $said | Quote }}"))}
`;

/** Ended by a deletion while a finalizer still holds the object. */
export const stopped = `${HEAD}
{{ $code := 143 }}
phase: Failed
conditions:
${setCondition("ContainersReady", "False", "PodFailed")}
${setCondition("Ready", "False", "PodFailed")}
${containers(finish("{{ $code }}", '"ended by SIGTERM (simulated)"'))}
`;
