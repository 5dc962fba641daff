import { Command, Option } from "commander";
import {
  cacheRoot,
  ensureTool,
  listTools,
  type InstalledTool,
  type ListedTool,
} from "../../controlplane/tools";

const ORIGIN: Readonly<Record<InstalledTool["origin"], string>> = {
  release: "official release, checksum verified",
  built: "built here from Go modules",
};

const firstOf = (sources: readonly string[]): string =>
  sources.length > 1 ? `${sources[0] ?? ""} and ${sources.length - 1} more` : (sources[0] ?? "");

const describeInstalled = ({ origin, bytes, installed, sources }: InstalledTool): string =>
  `${ORIGIN[origin]}, ${Math.round(bytes / 1_000_000)} MB, ${installed.slice(0, 10)}\n    ${firstOf(sources)}`;

const describeTool = ({ id, version, installed }: ListedTool): string =>
  `  ${id.padEnd(16)} ${version.padEnd(9)} ${installed === undefined ? "not installed yet" : describeInstalled(installed)}`;

const asJson = ({ id, version, installed }: ListedTool): object => {
  if (installed === undefined) return { id, version, installed: false };
  const { origin, dir, bytes, sources } = installed;
  return { id, version, installed: true, origin, dir, bytes, sources, at: installed.installed };
};

export const describeTools = (tools: readonly ListedTool[], cache: string): string =>
  [`tools in ${cache}`, ...tools.map(describeTool)].join("\n");

const installMissing = async (tools: readonly ListedTool[]): Promise<void> => {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort(new Error("stopped by Ctrl-C; what is complete stays cached")));
  const progress = (line: string): unknown => process.stderr.write(`${line}\n`);
  for (const { id } of tools) await ensureTool(id, { progress, signal: stop.signal });
};

interface ToolsFlags {
  readonly install: boolean;
  readonly output: "text" | "json";
}

/** `changeover lab tools`: what the lab runs, and where each program came from. */
export const labToolsCommand = (): Command =>
  new Command("tools")
    .description("list the programs the lab runs: version, where each came from, size")
    .option("--install", "install what is missing first: official releases, else built from source", false)
    .addOption(new Option("--output <format>", "how to print it").choices(["text", "json"]).default("text"))
    .action(async ({ install, output }: ToolsFlags) => {
      if (install) await installMissing((await listTools()).filter(({ onDemand }) => !onDemand));
      const tools = await listTools();
      const text =
        output === "json"
          ? JSON.stringify(tools.map(asJson), undefined, 2)
          : describeTools(tools, cacheRoot());
      process.stdout.write(`${text}\n`);
    });
