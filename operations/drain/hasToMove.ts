import type { PodFact } from "../../core/drain/facts";
import { judgePod } from "../../core/drain/filters";
import { isResident } from "../../core/drain/verdicts";

const JUDGING = { now: 0, cordon: false, rules: { force: true, deleteEmptyDirData: true } };

/** Whether this pod goes down with its node unless it is moved, whatever it asks for. */
export const hasToMove = (pod: PodFact): boolean => isResident(judgePod(pod, JUDGING));
