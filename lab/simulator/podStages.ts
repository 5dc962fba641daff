import { DEFAULT_DELAY, SIMULATE } from "./annotations";
import { crashing, ended, pullFailing, ready, started, stopped } from "./podStatus";
import { annotation, condition, stage, type Stage } from "./stage";

const DELETING = ".metadata.deletionTimestamp != null";
const LIVING = ".metadata.deletionTimestamp == null";
const HELD = "(.metadata.finalizers // []) | length > 0";
const FREE = "(.metadata.finalizers // []) | length == 0";
const UNSTARTED = '(.status.podIP // "") == "" and (.status.phase // "Pending") == "Pending"';
const RUNNING = '.status.phase == "Running"';
const UNREADY = "[.status.containerStatuses[]? | select(.ready | not)] | length > 0";
const WAITING = "[.status.containerStatuses[]?.state.waiting.reason // empty]";
const ENDS = '(.spec.restartPolicy // "Always") != "Always"';
const FINISHED = '.status.phase == "Succeeded" or .status.phase == "Failed"';

const fails = (mode: string): string => `${annotation(SIMULATE.fail, "")} == "${mode}"`;
const CRASHES = fails("crash-loop");
const PULL_FAILS = fails("image-pull");
const CRASH_PAUSE = "10s";

/**
 * The shorter of the pod's own wish and what is left of its grace period. Counted from the deadline and not from now,
 * since every change of the pod makes the simulator start counting again.
 */
const STOP_DELAY = [
  'def ms: capture("^(?<n>[0-9.]+)(?<u>ms|s|m|h)$") | (.n | tonumber) * {"ms": 1, "s": 1000, "m": 60000, "h": 3600000}[.u];',
  `if ${FINISHED} then "0s" else`,
  `[(${annotation(SIMULATE.stopDelay, DEFAULT_DELAY.podStop)} | ms), ([((.metadata.deletionTimestamp | fromdate) - now) * 1000, 0] | max)]`,
  '| min | floor | tostring + "ms" end',
].join(" ");

/**
 * The simulator ends pods by name alone, and each change of a pod makes it look again; so does the last one, by which a
 * pod that has been ended loses its grace. Ended once more at once, it would take its successor of the same name along.
 */
const END_DELAY = `if (.metadata.deletionGracePeriodSeconds // 0) == 0 then "5s" else (${STOP_DELAY}) end`;

/** What happens to a pod from the moment it has a node. */
export const POD_STAGES: readonly Stage[] = [
  stage({
    name: "pod-image-pull-fails",
    on: "Pod",
    when: [LIVING, UNSTARTED, PULL_FAILS, `${WAITING} | index("ImagePullBackOff") | not`],
    delay: annotation(SIMULATE.startDelay, DEFAULT_DELAY.podStart),
    status: pullFailing,
  }),
  stage({
    name: "pod-starts",
    on: "Pod",
    when: [LIVING, UNSTARTED, `${PULL_FAILS} | not`],
    delay: annotation(SIMULATE.startDelay, DEFAULT_DELAY.podStart),
    status: started,
  }),
  stage({
    name: "pod-becomes-ready",
    on: "Pod",
    when: [LIVING, RUNNING, UNREADY, `${annotation(SIMULATE.fail, "")} == ""`],
    delay: annotation(SIMULATE.readyDelay, DEFAULT_DELAY.podReady),
    status: ready,
  }),
  // The node controller takes the readiness of pods away while no simulator runs; a kubelet that is back restores it.
  stage({
    name: "pod-is-found-well",
    on: "Pod",
    when: [
      LIVING,
      RUNNING,
      `(${UNREADY}) | not`,
      `${condition("Ready")} == "False"`,
      `${annotation(SIMULATE.fail, "")} == ""`,
    ],
    status: ready,
  }),
  stage({
    name: "pod-crashes",
    on: "Pod",
    when: [LIVING, RUNNING, CRASHES, `${WAITING} | index("CrashLoopBackOff") | not`],
    delay: annotation(SIMULATE.readyDelay, DEFAULT_DELAY.podReady),
    status: crashing,
  }),
  stage({
    name: "pod-crashes-again",
    on: "Pod",
    when: [LIVING, RUNNING, CRASHES, `${WAITING} | index("CrashLoopBackOff") != null`],
    delay: `"${CRASH_PAUSE}"`,
    status: crashing,
  }),
  stage({
    name: "pod-ends",
    on: "Pod",
    when: [LIVING, RUNNING, ENDS, `${condition("Ready")} == "True"`],
    delay: annotation(SIMULATE.duration, DEFAULT_DELAY.jobRun),
    status: ended,
  }),
  stage({
    name: "pod-stops-but-is-held",
    on: "Pod",
    when: [DELETING, HELD, `(${FINISHED}) | not`],
    delay: STOP_DELAY,
    status: stopped,
  }),
  stage({ name: "pod-stops", on: "Pod", when: [DELETING, FREE], delay: END_DELAY, remove: true }),
];
