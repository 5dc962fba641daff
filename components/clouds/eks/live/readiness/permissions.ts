import type { Problem } from "../../../../../core/problem";
import { numbered, query } from "../query";
import { iamRegion } from "../signed";
import { membersOf, textOf, type XmlElement } from "../xml";
import { type Caller, readCaller, readPrincipal } from "./caller";
import { type Findings, allOf, NOTHING } from "../../../shared/live/sideBySide";
import { blocked, warned } from "./findings";
import { type Needed, neededActions } from "./neededActions";
import type { Question } from "./question";

const SIMULATE_URL = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html";

/** Whether this identity may do what the run will ask of AWS, before the first of it is asked. */
export const checkPermissions = async (question: Question): Promise<Findings> => {
  const caller = await readCaller(question);
  if (/:root$/.test(caller.arn)) return NOTHING;
  const principal = await readPrincipal(question, caller);
  if (principal === undefined) return warned(notSimulated(caller));
  const needed = neededActions(question.wanted, question.step, caller);
  const answers = await Promise.all(needed.map(one => simulate(question, principal, one)));
  return judgeDecisions(caller, answers.flat());
};

/** IAM's word on one action. */
export interface Decision {
  readonly action: string;
  readonly resource: string;
  readonly decision: string;
  /** Conditions that were not judged, because only the call itself has their values. */
  readonly missing: readonly string[];
  /** False = a policy of the organisation says no; those with conditions are not simulated. */
  readonly organisation: boolean;
}

const MOST = "1000";

/** EKS passes the roles on to itself; policies often allow that only. */
const PASSED_TO: [string, string][] = [
  ["ContextEntries.member.1.ContextKeyName", "iam:PassedToService"],
  ["ContextEntries.member.1.ContextKeyType", "string"],
  ["ContextEntries.member.1.ContextKeyValues.member.1", "eks.amazonaws.com"],
];

const simulate = async (
  { region, signal }: Question,
  principal: string,
  { resource, actions }: Needed,
): Promise<readonly Decision[]> => {
  const answer = await query({
    asked: { action: "iam:SimulatePrincipalPolicy", on: principal },
    ...{ region: iamRegion(region), signal },
    form: [
      ["PolicySourceArn", principal],
      ["MaxItems", MOST],
      ...numbered("ActionNames.member", actions),
      ["ResourceArns.member.1", resource],
      ...PASSED_TO,
    ],
  });
  return membersOf(answer, "EvaluationResults").map(result => readDecision(result, resource));
};

const readDecision = (result: XmlElement, resource: string): Decision => ({
  action: textOf(result, "EvalActionName") ?? "",
  resource,
  decision: textOf(result, "EvalDecision") ?? "unknown",
  missing: membersOf(result, "MissingContextValues").map(({ text }) => text.trim()),
  organisation: textOf(result, "AllowedByOrganizations") !== "false",
});

/** Only what holds whatever the call looks like refuses; the rest is said. */
export const judgeDecisions = (caller: Pick<Caller, "arn">, decisions: readonly Decision[]): Findings => {
  const denied = decisions.filter(({ decision }) => decision !== "allowed");
  const sure = denied.filter(({ missing, organisation }) => missing.length === 0 && organisation);
  const unsure = denied.filter(one => !sure.includes(one));
  return allOf([
    sure.length === 0 ? NOTHING : blocked(mayNot(caller, sure)),
    unsure.length === 0 ? NOTHING : warned(mayNotBe(caller, unsure)),
  ]);
};

const list = (decisions: readonly Decision[]): string =>
  decisions
    .map(({ action, resource }) => (resource === "*" ? action : `${action} on ${resource}`))
    .join(", ");

const mayNot = ({ arn }: Pick<Caller, "arn">, denied: readonly Decision[]): Problem => ({
  code: "Eks.MayNot",
  path: "permissions",
  message: `${arn} may not do what this run will ask for: ${list(denied)}`,
  fix: "allow it: `changeover permissions eks` prints the whole role, to be narrowed to these resources",
  source: SIMULATE_URL,
});

const mayNotBe = ({ arn }: Pick<Caller, "arn">, denied: readonly Decision[]): Problem => {
  const keys = [...new Set(denied.flatMap(({ missing }) => missing))].sort();
  const why = keys.length === 0 ? "a policy of the organisation" : `conditions on ${keys.join(", ")}`;
  return {
    code: "Eks.MayNotBeSure",
    path: "permissions",
    message: `whether ${arn} may do all of this can't be told beforehand, because of ${why}: ${list(denied)}`,
    fix: "see that these policies allow what `changeover permissions eks` prints",
    source: SIMULATE_URL,
  };
};

const notSimulated = ({ arn }: Caller): Problem => ({
  code: "Eks.NotSimulated",
  path: "permissions",
  message: `found ${arn}; IAM simulates users and roles only, so what it may do is not known beforehand`,
  fix: "run as a role, or see that its policies allow what `changeover permissions eks` prints",
  source: SIMULATE_URL,
});
