import type { ResourceValidationPolicy } from "@pulumi/policy";
import { drainDeadlineBounded } from "../rules/drainDeadlineBounded";
import { generationHashMatchesInputs } from "../rules/generationHashMatchesInputs";
import { kubeletWithinSkew } from "../rules/kubeletWithinSkew";
import { noControlPlaneDowngrade } from "../rules/noControlPlaneDowngrade";
import { noEndOfLifeVersion } from "../rules/noEndOfLifeVersion";
import { noGreenWhileEmulated } from "../rules/noGreenWhileEmulated";
import { noSkippedMinor } from "../rules/noSkippedMinor";
import { poolNotNewerThanControlPlane } from "../rules/poolNotNewerThanControlPlane";
import { protectRequired } from "../rules/protectRequired";

/** Every rule; a pack only chooses. Names of rules are API: users' policy configs refer to them. */
export const STANDARD: readonly ResourceValidationPolicy[] = [
  noSkippedMinor,
  noControlPlaneDowngrade,
  kubeletWithinSkew,
  poolNotNewerThanControlPlane,
  noGreenWhileEmulated,
  generationHashMatchesInputs,
  protectRequired,
  drainDeadlineBounded,
  noEndOfLifeVersion,
];
