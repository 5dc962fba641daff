import { checkNoDowngrade } from "../../core/upgrade/controlPlaneChange";
import { SKEW_POLICY_URL } from "../../core/version/skew";
import { defineRule } from "../support/defineRule";
import { TYPES } from "../support/resources";
import { readMove, sayProblem } from "../support/versionRecord";

export const noControlPlaneDowngrade = defineRule({
  name: "no-control-plane-downgrade",
  severity: "critical",
  why: "A control plane goes back only while it still serves the old minor; later, its data holds what the old one can't read.",
  url: SKEW_POLICY_URL,
  appliesTo: [TYPES.versionRecord],
  check: ({ props }) => {
    const { from, to } = readMove(props);
    const problem = checkNoDowngrade(from, to);
    return problem === undefined ? [] : [sayProblem(problem)];
  },
});
