import { Command, Option } from "commander";
import { type Edit, planHold, planRetire } from "../../core/config/edit";
import { planRollback, poolsNamed } from "../../core/config/rollback";
import { ProblemError } from "../../core/problem";
import type { Result } from "../../core/result";
import { readRollbackTargets } from "../../operations/observe/rollbackTargets";
import { describeEdit } from "../describeEdit";
import { openStackFile, type StackFile } from "../stackFile";
import { reachCluster } from "../reach";

interface EditOptions {
  readonly stack: string;
  readonly cwd: string;
  readonly dryRun?: boolean;
  readonly output: "text" | "json";
}

const withEditOptions = (command: Command): Command =>
  command
    .requiredOption("-s, --stack <name>", "the stack whose Pulumi.<name>.yaml is edited")
    .option("--cwd <folder>", "folder of the Pulumi program", ".")
    .option("--dry-run", "print the edits, write nothing")
    .addOption(new Option("--output <form>", "how to print it").choices(["text", "json"]).default("text"));

const NEXT = "review the change, then run `pulumi preview` and `pulumi up`";

const finish = (file: StackFile, planned: Result<readonly Edit[]>, options: EditOptions): void => {
  if (!planned.ok) throw new ProblemError("nothing was edited", planned.problems);
  const edits = planned.value;
  const written = edits.length > 0 && options.dryRun !== true;
  if (written) file.apply(edits);
  if (options.output === "json") {
    console.log(JSON.stringify({ file: file.path, written, edits }));
    return;
  }
  for (const edit of edits) console.log(describeEdit(edit));
  if (edits.length === 0) console.log("nothing to edit: the config says so already");
  else console.log(written ? `${file.path} written; ${NEXT}` : "nothing was written (--dry-run)");
};

/** `changeover rollback`: the config edits that going back stands for. */
export const rollbackCommand = (): Command =>
  withEditOptions(new Command("rollback"))
    .description("write the edits that bring pools back to the generation they ran on before")
    .argument("[pools...]", "pools to bring back; default: every pool that has an older generation")
    .addHelpText(
      "after",
      "\nThe workloads go back in one `pulumi up`. The control plane's way back is its own, second `up`, and only while\nit still emulates the old minor, or on eks for seven days after the upgrade: set cluster.version back and run `pulumi up` again.\n",
    )
    .action(async (pools: readonly string[], options: EditOptions) => {
      const file = openStackFile(options.cwd, options.stack);
      const kube = await reachCluster(file.spec.cluster);
      try {
        const targets = await readRollbackTargets(
          kube,
          poolsNamed(file.spec, pools),
          AbortSignal.timeout(30_000),
        );
        finish(file, planRollback(file.spec, targets), options);
      } finally {
        await kube.close();
      }
    });

/** `changeover retire`: a staged pool moves on; its present generation stays in config, frozen. */
export const retireCommand = (): Command =>
  withEditOptions(new Command("retire"))
    .description("staged pools: move on and keep the present generation under `retiring`, frozen")
    .argument("<pool>", "the pool")
    .option("--to <version>", 'the version to move to, e.g. "1.36"')
    .option("--image <release>", "the exact image to move to; outside the lab it goes with the version")
    .action((pool: string, options: EditOptions & { readonly to?: string; readonly image?: string }) => {
      const file = openStackFile(options.cwd, options.stack);
      const { to, image } = options;
      const target = {
        ...(to === undefined ? {} : { version: to }),
        ...(image === undefined ? {} : { image }),
      };
      finish(file, planRetire(file.spec, pool, target), options);
    });

/** `changeover hold`: a pool keeps its generation while others go on. */
export const holdCommand = (): Command =>
  withEditOptions(new Command("hold"))
    .description("keep a pool's present generation as it is, whatever the cluster's version becomes")
    .argument("<pool>", "the pool")
    .action((pool: string, options: EditOptions) => {
      const file = openStackFile(options.cwd, options.stack);
      finish(file, planHold(file.spec, pool), options);
    });
