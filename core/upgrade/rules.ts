import type { Problem } from "../problem";
import { adoptedComesFirst } from "./adoptRules";
import type { DesiredCluster, ObservedCluster, UpgradeFacts } from "./cluster";
import { controlPlaneMove, patchGoesBack, versionIsKnown } from "./controlPlaneRules";
import { poolsMovedByOthers } from "./driftRules";
import {
  finalComesAlone,
  heldPoolsStay,
  poolsFitControlPlane,
  poolsLeaveOnPurpose,
  poolVersionsReadable,
  retiringIsThere,
} from "./poolRules";
import { readSituation, type Rule } from "./situation";
import { poolsKeepTheirNodes } from "./sizeRules";
import { kubeletSkew } from "./skewRules";
import { stagedLeavesByListing } from "./stagedRules";
import { versionsSupported } from "./supportRules";
import { virtualNodesStay } from "./virtualRules";
import { wavesGiveMachinesBack } from "./surgeRules";

export type {
  DesiredCluster,
  DesiredPool,
  ObservedCluster,
  ObservedNode,
  ObservedVersion,
  UpgradeFacts,
} from "./cluster";

export interface Evaluation {
  /** Any of these and nothing is touched. */
  readonly blockers: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Every rule runs, whatever the others say: a refusal names everything at once. */
export const RULES: Readonly<Record<string, Rule>> = {
  versionIsKnown,
  controlPlaneMove,
  patchGoesBack,
  kubeletSkew,
  poolsMovedByOthers,
  virtualNodesStay,
  poolVersionsReadable,
  poolsFitControlPlane,
  finalComesAlone,
  heldPoolsStay,
  poolsLeaveOnPurpose,
  retiringIsThere,
  poolsKeepTheirNodes,
  stagedLeavesByListing,
  versionsSupported,
  wavesGiveMachinesBack,
  adoptedComesFirst,
};

/** Judges a desired cluster against the live one. Pure: preview, gates and the command line ask the same question. */
export const evaluateUpgrade = (
  observed: ObservedCluster,
  desired: DesiredCluster,
  facts: UpgradeFacts,
): Evaluation => {
  const situation = readSituation(observed, desired, facts);
  if (!situation.ok) return { blockers: situation.problems, warnings: [] };
  const verdicts = Object.values(RULES).map(rule => rule(situation.value));
  return {
    blockers: verdicts.flatMap(({ blockers }) => blockers ?? []),
    warnings: verdicts.flatMap(({ warnings }) => warnings ?? []),
  };
};
