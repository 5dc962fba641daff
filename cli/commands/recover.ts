import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { aksIds } from "../../components/clouds/aks/recognise";
import { eksIds } from "../../components/clouds/eks/recognise";
import { gkeIds } from "../../components/clouds/gke/recognise";
import { ProblemError } from "../../core/problem";
import { type ExportedStack, planRecovery, type Recovery } from "../../core/recover/pending";
import { untilInterrupted } from "../interrupt";
import { mustPulumi } from "../pulumi";
import { openStackFile } from "../stackFile";

interface RecoverOptions {
  readonly stack: string;
  readonly cwd: string;
  readonly dryRun?: boolean;
  readonly output: "text" | "json";
}

const nameOf = (urn: string): string => urn.split("::").slice(2).join(" ").replace(/^.*\$/, "");

const describe = ({ looked, dropped }: Recovery): readonly string[] => [
  ...looked.map(({ urn, id }) => `${nameOf(urn)}: looked for as ${id}, and taken into state if it is there`),
  ...dropped.map(urn => `${nameOf(urn)}: dropped; the next \`pulumi up\` makes it again`),
];

/** State first, then the cloud's word on what was put there: what it does not have leaves state again. */
const carryOut = async (
  { stack, cwd }: RecoverOptions,
  recovery: Recovery,
  signal: AbortSignal,
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "changeover-recover-"));
  try {
    const file = join(folder, "stack.json");
    writeFileSync(file, JSON.stringify(recovery.stack), { mode: 0o600 });
    await mustPulumi(["stack", "import", "--stack", stack, "--file", file], { cwd, signal });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const targets = recovery.looked.map(({ urn }) => `--target=${urn}`);
  if (targets.length === 0) return;
  await mustPulumi(["refresh", "--stack", stack, "--yes", "--skip-preview", ...targets], { cwd, signal });
};

const NOTHING = "nothing is half made: no run of this stack was cut off while it made something";
const DONE = "state and cloud agree again; run `pulumi up` to go on";

const readRecovery = async ({ stack, cwd }: RecoverOptions, signal: AbortSignal): Promise<Recovery> => {
  const { account = "" } = openStackFile(cwd, stack).spec.cluster;
  const exported = await mustPulumi(["stack", "export", "--stack", stack], { cwd, signal });
  const ids = { ...eksIds, ...gkeIds, ...aksIds(account) };
  const recovery = planRecovery(JSON.parse(exported) as ExportedStack, ids);
  if (recovery.problems.length > 0) throw new ProblemError("nothing was changed", recovery.problems);
  return recovery;
};

const recover = async (options: RecoverOptions, signal: AbortSignal): Promise<void> => {
  const { dryRun, output } = options;
  const recovery = await readRecovery(options, signal);
  const { looked, dropped } = recovery;
  const lines = describe(recovery);
  const works = lines.length > 0 && dryRun !== true;
  if (output === "text") lines.forEach(line => console.log(line));
  if (works) await carryOut(options, recovery, signal);
  if (output === "json") console.log(JSON.stringify({ looked, dropped, changed: works }));
  else console.log(lines.length === 0 ? NOTHING : works ? DONE : "nothing was changed (--dry-run)");
};

/** `changeover recover`: after a run that was killed while the cloud made something. */
export const recoverCommand = (): Command =>
  new Command("recover")
    .description("after a killed `pulumi up`: find what was being made at the cloud, and take it into state")
    .requiredOption("-s, --stack <name>", "the stack")
    .option("--cwd <folder>", "folder of the Pulumi program", ".")
    .option("--dry-run", "say what would be done, change nothing")
    .addOption(new Option("--output <form>", "how to print it").choices(["text", "json"]).default("text"))
    .addHelpText(
      "after",
      "\nA run that was killed knows no ids of what it was making: the next `pulumi up` would make it again, and the cloud\nanswer that it exists. This puts it into state under the id it would have, and lets `pulumi refresh` look:\nwhat is not there leaves state again. The cloud is only read.\n",
    )
    .action((options: RecoverOptions) => untilInterrupted(signal => recover(options, signal)));
