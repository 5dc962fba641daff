import { Argument, Command, Option } from "commander";
import { exactVersion, newestVersion, runnableMinors } from "../../controlplane";
import { ProblemError } from "../../core/problem";
import { destroyLab, ensureLab, labKubeconfig, labStatus, listLabs, type LabSpec } from "../../lab";
import { openPlayground } from "../../lab/demo/playground";
import { askLab, describeLabs, describeStatus } from "../describeLab";
import { untilInterrupted } from "../interrupt";
import { labLogsCommand } from "./labLogs";
import { labToolsCommand } from "./labTools";

const DEFAULT_NAME = "dev";

interface OutputOption {
  readonly output: "text" | "json";
}

const nameArgument = (): Argument => new Argument("[name]", "name of the lab").default(DEFAULT_NAME);

const outputOption = (): Option =>
  new Option("--output <format>", "how to print the result").choices(["text", "json"]).default("text");

/** Results go to stdout, what happens meanwhile to stderr: so JSON can be piped. */
const progress = (line: string): void => void process.stderr.write(`${line}\n`);
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const json = (value: unknown): string => JSON.stringify(value, undefined, 2);

interface UpOptions extends OutputOption {
  readonly kubernetes?: string;
  readonly emulated?: string;
  readonly apiServers?: "1" | "2";
  readonly demo?: boolean;
}

/** What was asked for; without a version an existing lab keeps its own, since nobody asked for an upgrade. */
const versionOf = (name: string, { kubernetes, emulated }: UpOptions): LabSpec => {
  const present = labStatus(name);
  if (kubernetes !== undefined)
    return { name, version: exactVersion(kubernetes), ...(emulated === undefined ? {} : { emulated }) };
  const shown = emulated ?? present.emulated;
  const version = present.version ?? newestVersion();
  return { name, version, ...(shown === undefined ? {} : { emulated: shown }) };
};

const specOf = (name: string, options: UpOptions): LabSpec => ({
  ...versionOf(name, options),
  ...(options.apiServers === undefined ? {} : { apiserverCount: options.apiServers === "1" ? 1 : 2 }),
});

const upCommand = (): Command =>
  new Command("up")
    .description("make a lab, mend it, or bring it to another version; does nothing when all is well")
    .addArgument(nameArgument())
    .option("--kubernetes <version>", `version of the control plane: ${runnableMinors().join(" or ")}`)
    .option("--emulated <minor>", "show this older minor's API, so that the way back stays open")
    .addOption(
      new Option(
        "--api-servers <number>",
        "of a new lab; with one it takes less memory and is away for seconds while it changes versions (default: 2)",
      ).choices(["1", "2"]),
    )
    .option(
      "--demo",
      "something to drain: a shop of workloads on 6 nodes pool=blue, 6 empty nodes pool=green",
    )
    .addOption(outputOption())
    .addHelpText(
      "after",
      "\nWithout --kubernetes a new lab runs the newest version and an existing one keeps its own.\nNodes come from node pools (`pulumi up`); with --demo from here.",
    )
    .action(async (name: string, options: UpOptions) => {
      const began = Date.now();
      const status = await untilInterrupted(async signal => {
        const made = await ensureLab(specOf(name, options), { progress, signal });
        if (options.demo === true) await openPlayground(name, { progress, signal });
        return made;
      });
      progress(`lab ${name} is up after ${((Date.now() - began) / 1000).toFixed(1)} s`);
      print(options.output === "json" ? json(status) : describeStatus(status, await askLab(status)));
    });

const downCommand = (): Command =>
  new Command("down")
    .description("end all processes of a lab and remove its folder; nothing is left")
    .addArgument(nameArgument())
    .option("--all", "every lab of this user")
    .addOption(outputOption())
    .action(async (name: string, options: OutputOption & { readonly all?: boolean }) => {
      const labs = listLabs().filter(({ state }) => state !== "foreign");
      const names = options.all === true ? labs.map(lab => lab.name) : [name];
      await untilInterrupted(async signal => {
        for (const each of names) await destroyLab(each, { progress, signal });
      });
      print(
        options.output === "json"
          ? json({ removed: names })
          : names.map(each => `lab ${each} is gone`).join("\n"),
      );
    });

const statusCommand = (): Command =>
  new Command("status")
    .description("what runs, what died, and how to reach it")
    .addArgument(nameArgument())
    .addOption(outputOption())
    .addHelpText("after", "\nExit status 0 only when the lab runs and its API is ready.")
    .action(async (name: string, { output }: OutputOption) => {
      const status = labStatus(name);
      const api = await askLab(status);
      print(output === "json" ? json({ ...status, api }) : describeStatus(status, api));
      if (api !== "ready" || status.state !== "running") process.exitCode = 1;
    });

const listCommand = (): Command =>
  new Command("list")
    .description("every lab of this user")
    .addOption(outputOption())
    .action(({ output }: OutputOption) => {
      const labs = listLabs();
      print(output === "json" ? json(labs) : describeLabs(labs));
    });

const kubeconfigCommand = (): Command =>
  new Command("kubeconfig")
    .description("print the path of a lab's kubeconfig")
    .addArgument(nameArgument())
    .addHelpText("after", "\n  export KUBECONFIG=$(changeover lab kubeconfig)")
    .action((name: string) => {
      const path = labKubeconfig(name);
      if (path === undefined) throw noLab(name);
      print(path);
    });

const noLab = (name: string): ProblemError =>
  new ProblemError("no such lab", [
    {
      code: "Lab.Missing",
      path: name,
      message: `there is no lab "${name}"`,
      fix: `make it with \`changeover lab up ${name}\`, or see \`changeover lab list\``,
    },
  ]);

/** `changeover lab`: local clusters. */
export const labCommand = (): Command => {
  const lab = new Command("lab").description(
    "Local clusters: real etcd, apiservers, controller-manager and scheduler; nodes and pods are simulated.",
  );
  const commands = [
    upCommand,
    downCommand,
    statusCommand,
    listCommand,
    kubeconfigCommand,
    labLogsCommand,
    labToolsCommand,
  ];
  for (const make of commands) lab.addCommand(make());
  return lab;
};
