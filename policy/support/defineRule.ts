import type {
  PolicyConfigSchema,
  ResourceValidationArgs,
  ResourceValidationPolicy,
  Severity,
} from "@pulumi/policy";
import { CATALOG } from "../../data";
import type { Catalog } from "../../core/version/catalog";

/** One resource as a rule sees it. Rules read `props` through `read.ts`, which refuses what is missing or unknown. */
export interface Subject {
  readonly props: Readonly<Record<string, unknown>>;
  /** What the user set for this rule in the policy config. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly catalog: Catalog;
  /** ISO time. */
  readonly now: string;
}

/** Three outcomes: complies (no texts), violates (a text each), or has nothing to say, and why. */
export type Verdict = readonly string[] | { readonly notApplicable: string };

export interface Rule {
  /** Stable id, in kebab case. */
  readonly name: string;
  readonly severity: Severity;
  /** @default mandatory */
  readonly enforcementLevel?: "advisory" | "mandatory";
  /** The reason the rule exists, as the user reads it. */
  readonly why: string;
  readonly url?: string;
  /** Type tokens of the resources it judges; all others are no concern of it. */
  readonly appliesTo: readonly string[];
  readonly config?: PolicyConfigSchema;
  readonly check: (subject: Subject) => Verdict;
}

/** Fails closed: a rule that throws, for an unknown value or a bug of ours, counts as a violation. */
export const defineRule = (rule: Rule): ResourceValidationPolicy => ({
  name: rule.name,
  description: rule.why,
  severity: rule.severity,
  enforcementLevel: rule.enforcementLevel ?? "mandatory",
  ...(rule.url === undefined ? {} : { url: rule.url }),
  ...(rule.config === undefined ? {} : { configSchema: rule.config }),
  validateResource: (args, report) => {
    if (!rule.appliesTo.includes(args.type)) args.notApplicable(`judges only ${rule.appliesTo.join(", ")}`);
    const verdict = judge(rule, args);
    if ("notApplicable" in verdict) args.notApplicable(verdict.notApplicable);
    else for (const violation of verdict) report(violation);
  },
});

const judge = (rule: Rule, args: ResourceValidationArgs): Verdict => {
  try {
    return rule.check({
      props: args.props,
      config: args.getConfig(),
      catalog: CATALOG,
      now: new Date().toISOString(),
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [`${args.name} can't be judged, and what is not known is not fine: ${why}`];
  }
};
