import { warningsOf } from "../filters";
import { fullName } from "../world";
import { type Finding, groupRemarks, type Remark, type Severity } from "./finding";
import type { JudgedPod, PlanScope } from "./planScope";

/** What kubectl refuses too, or what can't come right by itself: the user has to say that it is meant. */
const REFUSED: ReadonlySet<string> = new Set([
  "DAEMON_SET",
  "LOCAL_PV",
  "LOCAL_STORAGE",
  "NOT_REPLICATED",
  "ORPHANED",
  "RETURNS_TO_BLUE",
]);

const SEVERAL: Readonly<Record<string, string>> = {
  LOCAL_PV: "their data lies on their nodes",
  STUCK_TERMINATING: "still there long after their grace period: a finalizer or their node holds them",
  DO_NOT_DISRUPT: "their owners ask not to disrupt them",
  DRAIN_LABEL_UNKNOWN: "their drain label says what means nothing",
  DO_NOT_DISRUPT_INVALID: "their do-not-disrupt annotation cannot be read and is ignored",
};

const remark = ({ pod, verdict }: JudgedPod): readonly Remark[] =>
  verdict.kind === "block" || verdict.kind === "waitCompleted"
    ? [{ code: verdict.code, message: verdict.message, fix: verdict.fix, subject: fullName(pod) }]
    : [];

const severityOfBlock = (code: string): Severity => (REFUSED.has(code) ? "fatal" : "warning");

const warnings = ({ judged, context }: PlanScope): readonly Remark[] =>
  judged
    .filter(({ verdict }) => verdict.kind === "move")
    .flatMap(({ pod }) => warningsOf(pod, context).map(warning => ({ ...warning, subject: fullName(pod) })));

/** Why pods would not simply move, and what their owners should know about those that do. */
export const podFindings = (scope: PlanScope): readonly Finding[] => [
  ...groupRemarks(
    scope.judged.filter(({ verdict }) => verdict.kind === "block").flatMap(remark),
    severityOfBlock,
    SEVERAL,
  ),
  ...groupRemarks(
    scope.judged.filter(({ verdict }) => verdict.kind === "waitCompleted").flatMap(remark),
    () => "warning",
    SEVERAL,
  ),
  ...groupRemarks(warnings(scope), () => "warning", SEVERAL),
];
