import { Command, Option } from "commander";
import type { StackSpec } from "../../core/config";
import { asWritten } from "../../core/config/asWritten";
import { ProblemError } from "../../core/problem";
import { desiredOf } from "../../core/upgrade/desired";
import { describePlan } from "../../core/upgrade/describePlan";
import { planUpgrade } from "../../core/upgrade/plan";
import { CATALOG } from "../../data";
import { observeCluster } from "../../operations/observe/cluster";
import { reachCluster } from "../reach";
import { openStackFile } from "../stackFile";

interface PlanOptions {
  readonly stack: string;
  readonly cwd: string;
  readonly to?: string;
  readonly output: "text" | "json";
}

const DEADLINE_MS = 30_000;

/** Pools that follow the cluster follow it to the asked version too. */
const aimAt = (
  { cluster, pools }: StackSpec,
  version: string | undefined,
): Pick<StackSpec, "cluster" | "pools"> =>
  version === undefined
    ? { cluster, pools }
    : {
        cluster: { ...cluster, version, stage: "final" },
        pools: pools.map(pool => (pool.hold ? pool : { ...pool, version })),
      };

const print = async (options: PlanOptions): Promise<void> => {
  const { spec } = openStackFile(options.cwd, options.stack);
  const kubeletMayTrail = CATALOG.skew[spec.cluster.cloud]?.kubeletMayTrail ?? 0;
  const desired = desiredOf(aimAt(spec, options.to), { kubeletMayTrail, controlPlaneBack: "none" });
  const kube = await reachCluster(spec.cluster);
  try {
    const observed = await observeCluster(kube, AbortSignal.timeout(DEADLINE_MS));
    const plan = planUpgrade(observed, desired, CATALOG);
    if (!plan.ok)
      throw new ProblemError("there is no way from here to there", asWritten(spec.pools, plan.problems));
    console.log(
      options.output === "json" ? JSON.stringify(plan.value, undefined, 2) : describePlan(plan.value),
    );
  } finally {
    await kube.close();
  }
};

/** `changeover plan`: the chain of `up`s from the live cluster to the desired version. Changes nothing. */
export const planCommand = (): Command =>
  new Command("plan")
    .description(
      "print the chain of `pulumi up`s from the live cluster to the desired version; changes nothing",
    )
    .requiredOption("-s, --stack <name>", "the stack whose Pulumi.<name>.yaml says what is desired")
    .option("--cwd <folder>", "folder of the Pulumi program", ".")
    .option("--to <version>", 'plan to this version instead, e.g. "1.37"')
    .addOption(new Option("--output <form>", "how to print it").choices(["text", "json"]).default("text"))
    .action(print);
