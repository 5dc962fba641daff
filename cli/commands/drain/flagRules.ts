import { DISREGARDABLE } from "../../../core/drain/filters";
import type { LabelSelector } from "../../../core/drain/labels";
import type { DrainRules } from "../../../core/drain/state";
import { flagProblem, type Notes, readDuration, readInteger, readSelector } from "./flagValues";
import type { RawFlags } from "./rawFlags";

const refuseUnsafe = (flags: RawFlags, notes: Notes): void => {
  if (flags.disableEviction !== true) return;
  notes.note(
    flagProblem(
      "--disable-eviction",
      "it deletes pods without asking their disruption budgets, and this command never does that",
      "leave it out; `changeover drain explain` says what blocks a pod, and kubectl drain has this flag",
    ),
  );
};

/** kubectl's grace 0 kills without a word and leaves two pods of one name possible: never. */
const readGrace = (text: string, notes: Notes): number | undefined => {
  const seconds = notes.take(
    readInteger({ name: "--grace-period", text }, { least: -1_000_000, example: 30 }),
    -1,
  );
  if (seconds < 0) return undefined;
  if (seconds > 0) return seconds;
  notes.note(
    flagProblem(
      "--grace-period",
      "found 0, which kills at once and may leave two pods with one identity",
      "write 1 or more, or leave it out: each pod has its own",
    ),
  );
  return undefined;
};

const readSkip = (text: string, notes: Notes): number =>
  notes.take(readInteger({ name: "--skip-wait-for-delete-timeout", text }, { least: 0, example: 60 }), 0);

type Finish = Pick<DrainRules, "deregistrationSeconds" | "deleteEmptyNodes">;

/** What becomes of nodes that are empty. */
const readFinish = ({ deregistrationWait: text, deleteEmptyNodes }: RawFlags, notes: Notes): Finish => {
  const seconds = notes.take(readDuration({ name: "--deregistration-wait", text }), 0) / 1000;
  return {
    ...(seconds === 0 ? {} : { deregistrationSeconds: seconds }),
    ...(deleteEmptyNodes === true ? { deleteEmptyNodes } : {}),
  };
};

const readPodSelector = (text: string | undefined, notes: Notes): LabelSelector | undefined =>
  text ? notes.take(readSelector({ name: "--pod-selector", text }), undefined) : undefined;

const readDisregard = (codes: readonly string[], notes: Notes): readonly string[] => {
  const unknown = codes.filter(code => !DISREGARDABLE.includes(code));
  if (unknown.length === 0) return codes;
  const message = `found ${unknown.map(code => `"${code}"`).join(", ")}; allowed are ${DISREGARDABLE.join(", ")}`;
  notes.note(
    flagProblem(
      "--disregard",
      message,
      "write one of them; what each means: docs/reference/drain-reasons.md",
    ),
  );
  return [];
};

/** How pods are treated, as the engine takes it. */
export const readRules = (flags: RawFlags, notes: Notes): DrainRules => {
  refuseUnsafe(flags, notes);
  const gracePeriodSeconds = readGrace(flags.gracePeriod, notes);
  const skip = readSkip(flags.skipWaitForDeleteTimeout, notes);
  const podSelector = readPodSelector(flags.podSelector, notes);
  const { force = false, deleteEmptydirData = false, disregard = [], abandonClaim = [] } = flags;
  return {
    force,
    deleteEmptyDirData: deleteEmptydirData,
    ignoreDaemonSets: flags.ignoreDaemonsets,
    disregard: readDisregard(disregard, notes),
    abandon: abandonClaim,
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...readFinish(flags, notes),
    ...(skip === 0 ? {} : { skipWaitForDeleteTimeoutSeconds: skip }),
    ...(podSelector === undefined ? {} : { podSelector }),
  };
};
