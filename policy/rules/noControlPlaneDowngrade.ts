import { checkNoDowngrade } from "../../core/upgrade/controlPlaneChange";
import { SKEW_POLICY_URL } from "../../core/version/skew";
import { defineMoveRule } from "../support/move";

export const noControlPlaneDowngrade = defineMoveRule(
  {
    name: "no-control-plane-downgrade",
    severity: "critical",
    why: "A control plane goes back only while it still serves the old minor; later, its data holds what the old one can't read.",
    url: SKEW_POLICY_URL,
  },
  ({ from, to }) => checkNoDowngrade(from, to),
);
