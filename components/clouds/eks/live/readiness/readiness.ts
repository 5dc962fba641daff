import type { CloudReadiness, WantedAtCloud } from "../../../../../operations/ports";
import { askCloudAndIdentity, type Check, type Findings } from "../../../shared/live/sideBySide";
import { checkAdmins } from "./admins";
import { judgeAddOns } from "./addOns";
import { checkAddresses } from "./addresses";
import { checkAutoMode, checkEncryption } from "./clusterState";
import { checkGroups } from "./groupQuotas";
import { readIdentityEnd } from "./identity";
import { checkInsights } from "./insights";
import { checkKarpenter } from "./karpenter";
import { checkOffered } from "./offered";
import { checkOwnKarpenter } from "./ownKarpenter";
import { checkPermissions } from "./permissions";
import { checkPlaces } from "./places";
import { openQuestion, type Question } from "./question";
import { checkSubnets } from "./subnetsThere";
import { checkUnmade } from "./unmadeGroups";
import { checkVcpus } from "./vcpus";

/** What is looked at, as it is called where it can't be. */
type Checks = Readonly<Record<string, (question: Question) => Promise<Findings>>>;

const OF_MOVES: Checks = {
  "versions that EKS offers": checkOffered,
  "EKS insights": checkInsights,
  "Auto Mode": checkAutoMode,
  "Karpenter's nodes": checkKarpenter,
  "Karpenter for pools of it": checkOwnKarpenter,
  subnets: checkSubnets,
  "free addresses": checkAddresses,
  "machine types in their zones": checkPlaces,
  "the quota of vCPUs": checkVcpus,
  "quotas of node groups": checkGroups,
  "node groups of former runs": checkUnmade,
  permissions: checkPermissions,
};

const ALWAYS: Checks = {
  "add-ons": ({ wanted, signal }) => judgeAddOns(wanted, signal),
  "the cluster's key": checkEncryption,
  "access entries": checkAdmins,
};

const checksFor = (question: Question): readonly Check[] => {
  const { wanted, step } = question;
  const moves = wanted.live === undefined || wanted.toCome.length > 0 || step !== undefined;
  return Object.entries(moves ? { ...OF_MOVES, ...ALWAYS } : ALWAYS).map(([what, check]) => ({
    what,
    ask: () => check(question),
  }));
};

/** All checks side by side: one that AWS does not let us make is said and hides no other (docs/adr/0020). */
export const eksReadiness = (wanted: WantedAtCloud, signal: AbortSignal): Promise<CloudReadiness> => {
  const question = openQuestion(wanted, signal);
  return askCloudAndIdentity(checksFor(question), () => readIdentityEnd(question.region), signal);
};
