import { checkNoSkip } from "../../core/upgrade/controlPlaneChange";
import { SKEW_POLICY_URL } from "../../core/version/skew";
import { defineMoveRule } from "../support/move";

export const noSkippedMinor = defineMoveRule(
  {
    name: "no-skipped-minor",
    severity: "critical",
    why: "A control plane goes up one minor at a time: API servers two minors apart do not read each other's data.",
    url: SKEW_POLICY_URL,
  },
  ({ from, to }) => checkNoSkip(from, to),
);
