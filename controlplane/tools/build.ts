import { rename } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { runChild } from "./child";
import type { ToolOptions } from "./exclusive";
import { buildEnvironment } from "./goToolchain";
import { toolLabel, type ToolLock } from "./lock";
import { buildFailed, diskFull } from "./problems";
import { describeBuild, expectedBuildSeconds, startPace } from "./progress";

const LONGEST_BUILD_MS = 90 * 60 * 1000;
const TELL_EVERY_SECONDS = 10;

/** Pure: the arguments of `go` that make this tool. Several programs in one build share their compilation. */
export const buildArguments = (entry: ToolLock, outputDir: string): readonly string[] => {
  const stamps = Object.entries(entry.build.stamps).map(
    ([name, value]) => `-X ${name}=${value.replaceAll("{version}", entry.version)}`,
  );
  const tags = entry.build.tags === undefined ? [] : ["-tags", entry.build.tags.join(",")];
  return [
    ...["build", "-v", "-trimpath", "-mod=readonly"],
    ...tags,
    ...["-ldflags", ["-s -w", ...stamps].join(" ")],
    ...["-o", `${outputDir}/`],
    ...Object.values(entry.programs).map(program => program.package),
  ];
};

/** Counts what `go build -v` tells: a line for each module fetched, a bare import path for each package compiled. */
const startTelling = (
  entry: ToolLock,
  options: ToolOptions,
): { line: (text: string) => void; stop: () => void } => {
  const started = Date.now();
  const typicalSeconds = expectedBuildSeconds(entry.build.typicalSeconds, availableParallelism());
  const mayTell = startPace(TELL_EVERY_SECONDS / 2, () => Date.now() / 1000);
  const seen = { compiled: 0, fetched: 0 };
  const tell = (): void => {
    const seconds = (Date.now() - started) / 1000;
    const progress = { ...seen, seconds, typicalSeconds, packages: entry.build.packages };
    if (mayTell()) options.progress(`${toolLabel(entry)}: ${describeBuild(progress)}`);
  };
  tell();
  const timer = setInterval(tell, TELL_EVERY_SECONDS * 1000);
  const line = (text: string): void => {
    if (text.startsWith("go: downloading ")) seen.fetched += 1;
    else if (/^[\w./~-]+$/.test(text)) seen.compiled += 1;
  };
  return { line, stop: () => clearInterval(timer) };
};

const nameAsLocked = async (entry: ToolLock, dir: string): Promise<void> => {
  for (const [name, program] of Object.entries(entry.programs))
    if (program.builtAs !== undefined) await rename(join(dir, program.builtAs), join(dir, name));
};

const failure = (entry: ToolLock, lines: readonly string[]): Error => {
  const told = lines.filter(line => !/^[\w./~-]+$/.test(line) && !line.startsWith("go: downloading "));
  const full = lines.some(line => line.includes("no space left on device"));
  return full ? diskFull(entry, "go build") : buildFailed(entry, told.slice(-12).join("\n"));
};

/** Builds the tool's programs from its own small Go module into `dir`. Returns the packages they came from. */
export const buildTool = async (
  entry: ToolLock,
  dir: string,
  options: ToolOptions,
): Promise<readonly string[]> => {
  const telling = startTelling(entry, options);
  try {
    const end = await runChild({
      command: "go",
      args: buildArguments(entry, dir),
      cwd: join(__dirname, "modules", entry.id),
      env: buildEnvironment(process.env),
      signal: options.signal,
      deadlineMs: LONGEST_BUILD_MS,
      onLine: telling.line,
    });
    if (end.code !== 0) throw failure(entry, end.lastLines);
  } finally {
    telling.stop();
  }
  await nameAsLocked(entry, dir);
  return Object.values(entry.programs).map(program => `${program.package}@v${entry.version}`);
};
