import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ProgramRun, runProgram } from "../../lab/demo/runProgram";
import { folderBackend, type PulumiCli } from "../../lab/languageHost/pulumi";

const ROOT = resolve(__dirname, "../..");
const STEP_MS = 300_000;
const REGISTRY_FLAGS = ["--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"];

/** A program outside this repository that has the packed package installed, as its users have. */
export interface InstalledPackage {
  readonly dir: string;
  /** Every path in the tarball, without npm's leading folder. */
  readonly files: readonly string[];
  readonly pulumi: (...args: readonly string[]) => Promise<ProgramRun>;
  /** A command of the program's own node_modules/.bin. */
  readonly bin: (name: string, ...args: readonly string[]) => Promise<ProgramRun>;
  readonly node: (...args: readonly string[]) => Promise<ProgramRun>;
  readonly remove: () => Promise<void>;
}

type Environment = Readonly<Record<string, string>>;

const run = (file: string, args: readonly string[], at: { cwd: string; env: Environment }) =>
  runProgram(file, args, { ...at, signal: new AbortController().signal, timeoutMs: STEP_MS });

const must = async (...call: Parameters<typeof run>): Promise<ProgramRun> => {
  const done = await run(...call);
  if (done.code !== 0)
    throw new Error(`${call[0]} ${call[1].join(" ")} ended with ${done.code}:\n${done.lines.join("\n")}`);
  return done;
};

/** What npm and its scripts put into the environment points to this repository; the program is elsewhere. */
const outside = (env: NodeJS.ProcessEnv): Environment =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) =>
      value === undefined || /^(npm_(package|lifecycle|command)|NODE_PATH|INIT_CWD)/.test(name)
        ? []
        : [[name, value]],
    ),
  );

const pack = async (scratch: string, env: Environment): Promise<string> => {
  const built = join(scratch, "built");
  const build = ["--import", "tsx", "scripts/buildPackage.ts", built];
  await must(process.execPath, build, { cwd: ROOT, env });
  const packed = await must("npm", ["pack", built, "--silent"], { cwd: scratch, env });
  await must("tar", ["-xzf", packed.lines.at(-1) ?? ""], { cwd: scratch, env });
  return join(scratch, packed.lines.at(-1) ?? "");
};

const cliOf = (dir: string): Promise<PulumiCli> => {
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- the installed one, not ours
  const installed = require(join(dir, "node_modules/changeover/lab/languageHost/pulumi.js")) as {
    readonly ensurePulumi: (options: object) => Promise<PulumiCli>;
  };
  return installed.ensurePulumi({ progress: () => undefined, signal: new AbortController().signal });
};

const listFiles = async (
  tarball: string,
  at: { cwd: string; env: Environment },
): Promise<readonly string[]> =>
  (await must("tar", ["-tzf", tarball], at)).lines.map(line => line.replace(/^package\//, ""));

/** Packs, makes a program from the packed template with `pulumi new`, and installs the tarball into it. */
export const installPackage = async (cli: PulumiCli, project: string): Promise<InstalledPackage> => {
  const scratch = realpathSync(mkdtempSync(join(tmpdir(), "changeover-package-")));
  const dir = join(scratch, "program");
  for (const name of ["state", "home", "labs", "program"]) mkdirSync(join(scratch, name));
  const own = {
    PULUMI_BACKEND_URL: folderBackend(join(scratch, "state")),
    PULUMI_HOME: join(scratch, "home"),
    PULUMI_CONFIG_PASSPHRASE: "test",
    CHANGEOVER_LABS: join(scratch, "labs"),
  };
  const at = { cwd: dir, env: { ...outside(process.env), ...own } };
  const tarball = await pack(scratch, at.env);
  const template = ["new", join(scratch, "package/templates/lab"), "--generate-only", "--yes", "--force"];
  await must(cli.pulumi, [...template, "--name", project, "--dir", dir], {
    ...at,
    env: { ...cli.env, ...own },
  });
  await must("npm", ["install", ...REGISTRY_FLAGS, tarball], at);
  const installed = await cliOf(dir);
  const env = { ...outside(installed.env), ...own };
  return {
    dir,
    files: await listFiles(tarball, at),
    pulumi: (...args) =>
      run(installed.pulumi, [...args, "--non-interactive", "--color=never"], { cwd: dir, env }),
    bin: (name, ...args) => run(join(dir, "node_modules/.bin", name), args, at),
    node: (...args) => run(process.execPath, args, at),
    remove: async () => {
      if (existsSync(join(dir, "node_modules/.bin/changeover")))
        await run(join(dir, "node_modules/.bin/changeover"), ["lab", "down", project], at);
      rmSync(scratch, { recursive: true, force: true });
    },
  };
};

/** Changes a text file of the program, as its user would with an editor. */
export const edit = (path: string, change: (text: string) => string): void =>
  writeFileSync(path, change(readFileSync(path, "utf8")));
