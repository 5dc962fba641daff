import { type Problem, ProblemError } from "../../../../../core/problem";
import { KubeError } from "../../../../../kube";
import type { CloudReadiness, WantedAtCloud } from "../../../../../operations/ports";
import { judgeAddOns } from "./addOns";
import { checkAddresses } from "./addresses";
import { checkAutoMode } from "./clusterState";
import { type Findings, merge, warned } from "./findings";
import { checkGroups } from "./groupQuotas";
import { readIdentityEnd } from "./identity";
import { checkInsights } from "./insights";
import { checkKarpenter } from "./karpenter";
import { checkOffered } from "./offered";
import { checkPermissions } from "./permissions";
import { checkPlaces } from "./places";
import { openQuestion, type Question } from "./question";
import { checkSubnets } from "./subnetsThere";
import { checkVcpus } from "./vcpus";

/** What is looked at, as it is called where it can't be. */
type Checks = Readonly<Record<string, (question: Question) => Promise<Findings>>>;

const OF_MOVES: Checks = {
  "versions on offer": checkOffered,
  "EKS insights": checkInsights,
  "Auto Mode": checkAutoMode,
  "Karpenter's nodes": checkKarpenter,
  subnets: checkSubnets,
  "free addresses": checkAddresses,
  "machine types in their zones": checkPlaces,
  "quota of vCPUs": checkVcpus,
  "quotas of node groups": checkGroups,
  permissions: checkPermissions,
};

const ALWAYS: Checks = { "add-ons": ({ wanted, signal }) => judgeAddOns(wanted, signal) };

const checksFor = ({ wanted: { live, toCome }, step }: Question): Checks =>
  live === undefined || toCome.length > 0 || step !== undefined ? { ...OF_MOVES, ...ALWAYS } : ALWAYS;

/** All checks side by side: one that AWS does not let us make is said and hides no other (docs/adr/0020). */
export const eksReadiness = async (wanted: WantedAtCloud, signal: AbortSignal): Promise<CloudReadiness> => {
  const question = openQuestion(wanted, signal);
  const [identityEnds, ...tries] = await Promise.all([
    readIdentityEnd(question.region),
    ...Object.entries(checksFor(question)).map(([name, check]) => attempt(name, () => check(question))),
  ]);
  const [outage] = tries.flatMap(({ outage: error }) => error ?? []);
  if (outage !== undefined && tries.every(({ outage: error }) => error !== undefined)) throw outage;
  const notMade = tries.flatMap(({ why }) => why ?? []);
  const said = merge([
    ...tries.flatMap(({ findings }) => findings ?? []),
    ...(notMade.length === 0 ? [] : [warned(notChecked(notMade))]),
  ]);
  return { ...said, ...(identityEnds === undefined ? {} : { identityEnds }) };
};

interface Try {
  readonly findings?: Findings;
  /** Why there are none, in one line. */
  readonly why?: string;
  readonly outage?: KubeError;
}

const NO_CREDENTIALS = "Eks.NoCredentials";

const attempt = async (name: string, check: () => Promise<Findings>): Promise<Try> => {
  try {
    return { findings: await check() };
  } catch (error) {
    if (error instanceof KubeError) return { why: `${name} (${error.message})`, outage: error };
    if (!(error instanceof ProblemError) || error.problems.some(({ code }) => code === NO_CREDENTIALS))
      throw error;
    return { why: `${name} (${error.problems.map(({ message }) => message).join("; ")})` };
  }
};

const notChecked = (reasons: readonly string[]): Problem => ({
  code: "Eks.NotChecked",
  path: "permissions",
  message: `not checked, so not known: ${reasons.join("; ")}`,
  fix: "allow what AWS names (`changeover permissions eks` prints the whole role), or look for yourself before you go on",
});
