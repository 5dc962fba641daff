import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { RULES as karpenter } from "../lab/clouds/aws/karpenter/rules";
import { RULES as aws } from "../lab/clouds/aws/rules";
import { RULES as azure } from "../lab/clouds/azure/rules";
import { RULES as gcp } from "../lab/clouds/gcp/rules";
import { RULES as kubernetes } from "../lab/clouds/kubernetes/rules";
import { RULES as machines } from "../lab/clouds/machines/rules";
import type { StandInRule } from "../lab/clouds/standInRule";

/*
 * What each stand-in does because the real thing does it. Run it after a change of a stand-in's rules;
 * test/unit/scripts/standInPage.test.ts fails while the page does not say what they are.
 */

export const PAGE = join(__dirname, "..", "docs", "reference", "stand-ins.md");

type Rules = Readonly<Record<string, StandInRule>>;

interface StandIn {
  readonly of: string;
  readonly rules: Rules;
  /** Where a refusal is met. */
  readonly met: string;
}

const STAND_INS: readonly StandIn[] = [
  { of: "AWS", rules: aws, met: "`test/unit/lab/clouds/awsRules.test.ts`" },
  { of: "Karpenter", rules: karpenter, met: "`test/lab/clouds/karpenter.test.ts`" },
  { of: "Google Cloud", rules: gcp, met: "`test/unit/lab/clouds/gcpRules.test.ts`" },
  { of: "Azure", rules: azure, met: "`test/unit/lab/clouds/azureRules.test.ts`" },
  {
    of: "machines with kubeadm",
    rules: machines,
    met: "contract suite and story of kubeadm, `test/lab/clouds/kubeadmInPlace.test.ts`",
  },
  {
    of: "Pulumi's Kubernetes provider (releases of charts)",
    rules: kubernetes,
    met: "`test/lab/clouds/helmRelease.test.ts`",
  },
];

const row = ([name, { rule, source, on }]: readonly [string, StandInRule], met: string): string =>
  `| \`${name}\` | ${rule} | ${on === undefined ? met : "contract suites and stories, on a lab"} | <${source}> |`;

const describe = ({ of, rules, met }: StandIn): string =>
  [
    `## ${of}`,
    "| rule | what it does | shown by | stated by |",
    "|---|---|---|---|",
    ...Object.entries(rules).map(entry => row(entry, met)),
    "",
  ].join("\n");

/** The page as it should be now. */
export const describeStandIns = (): string =>
  [
    "# Stand-ins",
    "Rules of a cloud that its stand-in keeps, each with the page that states it. A refusal bears the name of its rule (`[stand-in: oneMinor]`), and for AWS, Google Cloud and Azure a test of its own meets it: the tests do not compile while a rule has none. Rules that are no refusal, and those of machines and Karpenter, are met by the suites and stories named, where the product runs into them; one that its own checks keep it from never meeting (a skipped minor by kubeadm, say) is kept all the same. What a stand-in does not cover it refuses by name (`StandInLimit`), never by a guess. Made by `scripts/standInPage.ts`.",
    "",
    ...STAND_INS.map(describe),
  ].join("\n");

if (require.main === module) writeFileSync(PAGE, describeStandIns());
