import type { Problem } from "../../problem";
import type { ForceRules, LadderRules, WorkloadSelector } from "./rules";

const NAMESPACE = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/;

const problem = (path: string, message: string, fix: string): Problem => ({
  code: "Drain.LadderRules",
  path,
  message,
  fix,
});

const checkSelector = (selector: WorkloadSelector, path: string): readonly Problem[] => [
  ...(NAMESPACE.test(selector.namespace)
    ? []
    : [
        problem(
          path,
          `"${selector.namespace}" is no name of a namespace`,
          "name one namespace; there is none for all",
        ),
      ]),
  ...(selector.name !== undefined && selector.kind === undefined
    ? [problem(path, `"${selector.name}" is named without its kind`, "add kind, e.g. Deployment")]
    : []),
];

const checkDeployment = (selector: WorkloadSelector, path: string): readonly Problem[] =>
  selector.kind === undefined || selector.kind === "Deployment"
    ? []
    : [problem(path, `works for Deployments only, not for a ${selector.kind}`, "take it out")];

type Check = (selector: WorkloadSelector, path: string) => readonly Problem[];

const checkAll = (
  selectors: readonly WorkloadSelector[] | undefined,
  path: string,
  checks: readonly Check[],
): readonly Problem[] =>
  (selectors ?? []).flatMap((selector, index) =>
    checks.flatMap(check => check(selector, `${path}[${index}]`)),
  );

const SECONDS = [
  "afterSeconds",
  "minPodAgeSeconds",
  "minHealthySiblingAgeSeconds",
  "minUnhealthySiblingAgeSeconds",
  "everySeconds",
] as const satisfies readonly (keyof ForceRules)[];

/** Sooner, the cluster may not show yet that the one before is going. */
const LEAST_INTERVAL = 10;

const checkInterval = ({ everySeconds }: ForceRules): readonly Problem[] =>
  everySeconds >= 0 && everySeconds < LEAST_INTERVAL
    ? [problem("force.everySeconds", `${everySeconds} s is too short`, `give ${LEAST_INTERVAL} or more`)]
    : [];

const checkForce = (force: ForceRules): readonly Problem[] => [
  ...checkAll(force.selectors, "force.selectors", [checkSelector]),
  ...checkInterval(force),
  ...SECONDS.filter(key => !Number.isFinite(force[key]) || force[key] < 0).map(key =>
    problem(`force.${key}`, `${String(force[key])} is no number of seconds`, "give 0 or more"),
  ),
];

/** Everything that is wrong with the rules, at once; empty when they can be used. */
export const checkLadderRules = (rules: LadderRules): readonly Problem[] => [
  ...checkAll(rules.surge, "surge", [checkSelector, checkDeployment]),
  ...checkAll(rules.rolloutRestart, "rolloutRestart", [checkSelector, checkDeployment]),
  ...checkAll(rules.evictUnhealthy, "evictUnhealthy", [checkSelector]),
  ...checkAll(rules.surgeFirst, "surgeFirst", [checkSelector, checkDeployment]),
  ...(rules.force === undefined ? [] : checkForce(rules.force)),
];
