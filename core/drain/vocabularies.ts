import type { PodFact } from "./facts";
import { parseGoDuration } from "./goDuration";
import { block, ignore, type PodFilter, type PodVerdict, type PodWarning } from "./verdicts";

/** The words by which owners ask other drainers to leave a pod alone. All of them are honoured here. */
const DRAIN_LABEL = "cluster.x-k8s.io/drain";
const DO_NOT_DISRUPT = "karpenter.sh/do-not-disrupt";
const SAFE_TO_EVICT = "cluster-autoscaler.kubernetes.io/safe-to-evict";
const SAFE_VOLUMES = "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

const waitCompleted = (code: string, message: string, until?: number): PodVerdict => ({
  kind: "waitCompleted",
  code,
  message,
  fix: `wait, delete it, or disregard ${code}`,
  ...(until === undefined ? {} : { until }),
});

/** Written as "Skip" by some and as "skip" by others; Cluster API reads both. */
const drainWish = (pod: PodFact): string | undefined => pod.labels[DRAIN_LABEL]?.toLowerCase();

const DRAIN_WISHES: Readonly<Record<string, PodVerdict>> = {
  skip: ignore("DRAIN_LABEL_SKIP", `its label ${DRAIN_LABEL} asks to leave it: it ends with its node`),
  "wait-completed": waitCompleted("WAIT_COMPLETED", `its label ${DRAIN_LABEL} asks to wait for its end`),
};

const unknownDrainWish = (wish: string): PodWarning => ({
  code: "DRAIN_LABEL_UNKNOWN",
  message: `its label ${DRAIN_LABEL} says "${wish}", which means nothing`,
  fix: "use skip or wait-completed, or take the label away",
});

export const drainLabel: PodFilter = {
  name: "drainLabel",
  judge: pod => DRAIN_WISHES[drainWish(pod) ?? ""],
  warn: pod => {
    const wish = drainWish(pod);
    return wish === undefined || DRAIN_WISHES[wish] !== undefined ? undefined : unknownDrainWish(wish);
  },
};

const fix = `take the annotation ${DO_NOT_DISRUPT} away, or disregard DO_NOT_DISRUPT`;

const notForever = (pod: PodFact, wish: string, now: number): PodVerdict | undefined => {
  const ms = parseGoDuration(wish);
  if (ms === undefined) return undefined;
  if (pod.startedAt === undefined)
    return block("DO_NOT_DISRUPT", "it asks for time and has not started", fix);
  const until = pod.startedAt + ms;
  return until <= now
    ? undefined
    : waitCompleted("DO_NOT_DISRUPT", `it asks to be left alone for ${wish} after its start`, until);
};

export const doNotDisrupt: PodFilter = {
  name: "doNotDisrupt",
  judge: (pod, { now }) => {
    const wish = pod.annotations[DO_NOT_DISRUPT];
    if (wish === undefined) return undefined;
    return wish === "true"
      ? block("DO_NOT_DISRUPT", "its owner asks not to disrupt it", fix)
      : notForever(pod, wish, now);
  },
  warn: pod => {
    const wish = pod.annotations[DO_NOT_DISRUPT];
    const known = wish === undefined || ["true", "false"].includes(wish);
    if (known || parseGoDuration(wish) !== undefined) return undefined;
    return {
      code: "DO_NOT_DISRUPT_INVALID",
      message: `its annotation ${DO_NOT_DISRUPT} says "${wish}" and is ignored`,
      fix: 'use "true" or a duration such as "30m"',
    };
  },
};

export const safeToEvict: PodFilter = {
  name: "safeToEvict",
  judge: pod => {
    const wish = pod.annotations[SAFE_TO_EVICT];
    if (wish === "on-completion") {
      return waitCompleted("ON_COMPLETION", `its annotation ${SAFE_TO_EVICT} asks to wait for its end`);
    }
    if (wish !== "false") return undefined;
    return block(
      "NOT_SAFE_TO_EVICT",
      "its owner says that it is not safe to evict",
      `take the annotation ${SAFE_TO_EVICT} away, or disregard NOT_SAFE_TO_EVICT`,
    );
  },
};

/** Its owner says that it may be evicted although it is alone or holds local data. */
export const isDeclaredSafe = (pod: PodFact): boolean => pod.annotations[SAFE_TO_EVICT] === "true";

/** True when the owner names every local volume of the pod as one that may be lost. */
export const areVolumesDeclaredSafe = (pod: PodFact): boolean => {
  const named = new Set(pod.annotations[SAFE_VOLUMES]?.split(",").map(name => name.trim()));
  const local = pod.localVolumes ?? [];
  return local.length > 0 && local.every(volume => named.has(volume));
};
