import { checkNoSkip } from "../../core/upgrade/controlPlaneChange";
import { SKEW_POLICY_URL } from "../../core/version/skew";
import { defineRule } from "../support/defineRule";
import { TYPES } from "../support/resources";
import { readMove, sayProblem } from "../support/versionRecord";

export const noSkippedMinor = defineRule({
  name: "no-skipped-minor",
  severity: "critical",
  why: "A control plane goes up one minor at a time: API servers two minors apart do not read each other's data.",
  url: SKEW_POLICY_URL,
  appliesTo: [TYPES.versionRecord],
  check: ({ props }) => {
    const { from, to } = readMove(props);
    const problem = checkNoSkip(from, to);
    return problem === undefined ? [] : [sayProblem(problem)];
  },
});
