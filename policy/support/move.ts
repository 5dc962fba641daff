import type { ResourceValidationPolicy } from "@pulumi/policy";
import type { Problem } from "../../core/problem";
import type { ControlPlaneState } from "../../core/upgrade/controlPlaneChange";
import { formatVersion } from "../../core/version/kubeVersion";
import { defineRule, type Rule, type Subject } from "./defineRule";
import { readBlock, readStage, readVersion } from "./read";
import { TYPES } from "./resources";
import { sayProblem } from "./versionRecord";

type Props = Subject["props"];

export interface Move {
  readonly from: ControlPlaneState;
  readonly to: ControlPlaneState;
}

/**
 * A rule about the control plane's move, on both resources that state one as their check() injected it: VersionRecord
 * from what was reached, UpgradeGate from the live cluster, and already when its own rules refuse.
 */
export const defineMoveRule = (
  rule: Omit<Rule, "appliesTo" | "check">,
  judge: (move: Move) => Problem | undefined,
): ResourceValidationPolicy =>
  defineRule({
    ...rule,
    appliesTo: [TYPES.upgradeGate, TYPES.versionRecord],
    check: ({ props }) => {
      if (props["gate"] === "UpgradeGate" && props["move"] === undefined) return NOT_ASKED;
      const problem = judge(readMove(props["gate"] === "UpgradeGate" ? readBlock(props, "move") : props));
      return problem === undefined ? [] : [sayProblem(problem)];
    },
  });

const NOT_ASKED = { notApplicable: "the live cluster could not be asked; the VersionRecord is judged" };

const readMove = (props: Props): Move => ({
  from: {
    version: formatVersion(readVersion(props, "fromVersion")),
    stage: readStage(props, "fromStage"),
    ...(typeof props["backTo"] === "string" ? { backTo: props["backTo"] } : {}),
  },
  to: { version: formatVersion(readVersion(props, "version")), stage: readStage(props, "stage") },
});
