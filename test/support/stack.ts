import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import { parse, stringify } from "yaml";
import { ensurePulumi, folderBackend, type PulumiCli } from "../../lab/languageHost/pulumi";
import { destroyLab, labKubeconfig } from "../../lab";
import { type Audit, startAuditor } from "./auditor";

const REPOSITORY = resolve(__dirname, "../..");
/** What a program folder needs: linked, so that state, stack files and locks of a test stay in its scratch folder. */
const LINKED = [
  "Pulumi.yaml",
  "index.ts",
  "package.json",
  "tsconfig.run.json",
  "node_modules",
  "components",
  "core",
  "data",
  "kube",
  "controlplane",
  "operations",
  "lab",
  "policy",
];

export interface Run {
  readonly code: number | null;
  /** stdout and stderr, interleaved, without colours. */
  readonly text: string;
}

interface Running {
  readonly pid: number;
  /** Ctrl-C as a terminal does it: the whole foreground group hears it. */
  readonly interrupt: () => void;
  /** Resolves when the text so far matches; rejects when the process ends first. */
  readonly seen: (pattern: RegExp) => Promise<void>;
  readonly done: Promise<Run>;
}

export type Config = Record<string, Record<string, unknown>>;

/** One stack of this repository's program, with its own backend, home and labs folder, driven by the real CLI. */
export class TestStack {
  readonly dir = mkdtempSync(join(tmpdir(), "changeover-engine-"));
  readonly lab: string;
  /** What every run of the CLI gets beside the stack's own settings: a stand-in cloud's address, for one. */
  extra: Readonly<Record<string, string>> = {};
  private readonly cli: PulumiCli;
  private readonly running = new Set<ChildProcess>();
  private readonly audits = new Set<Audit>();
  private config: Config;

  private constructor(cli: PulumiCli, lab: string, config: Config) {
    this.cli = cli;
    this.lab = lab;
    this.config = config;
  }

  /** PATH as the CLI gets it: what stands before it is found first. */
  get path(): string {
    return this.cli.env["PATH"] ?? "";
  }

  /** What a user's shell has set who works on this stack. */
  get env(): Readonly<Record<string, string>> {
    return { ...this.cli.env, ...this.environment(), ...this.extra };
  }

  static async open(lab: string, config: Config): Promise<TestStack> {
    const cli = await ensurePulumi({ progress: () => undefined, signal: AbortSignal.timeout(3_600_000) });
    const stack = new TestStack(cli, lab, config);
    for (const name of LINKED) symlinkSync(join(REPOSITORY, name), join(stack.dir, name));
    for (const name of ["state", "home", "labs"]) mkdirSync(join(stack.dir, name));
    stack.select();
    stack.write();
    await stack.must(["stack", "init", "test"]);
    return stack;
  }

  /** What asks for labs in this process sees those of this stack: needed where a test has more than one. */
  select(): void {
    process.env["CHANGEOVER_LABS"] = join(this.dir, "labs");
  }

  /** Changes config by merging top-level keys, as an edit of the stack's file would. */
  set(change: Config): void {
    this.config = { ...this.config, ...change };
    this.write();
  }

  /** One top-level key as it is now. */
  said(key: string): Record<string, unknown> {
    return this.config[key] ?? {};
  }

  start(args: readonly string[], env: Record<string, string> = {}): Running {
    return this.spawn([this.cli.pulumi, ...args, "--non-interactive", "--color=never"], env);
  }

  /** Our own command line, as a user has it: in the program's folder, with `pulumi` on the PATH. */
  async changeover(...args: string[]): Promise<Run> {
    const path = { ...this.cli.env, ...this.extra }["PATH"] ?? "";
    const env = { PATH: [dirname(this.cli.pulumi), path].join(delimiter) };
    const run = await this.spawn([process.execPath, join(REPOSITORY, "cli", "bin.cjs"), ...args], env).done;
    this.config = this.read();
    return run;
  }

  private spawn([program = "", ...args]: readonly string[], env: Record<string, string>): Running {
    const child = spawn(program, args, {
      cwd: this.dir,
      env: { ...this.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.running.add(child);
    child.once("exit", () => this.running.delete(child));
    return follow(child);
  }

  run(args: readonly string[], env: Record<string, string> = {}): Promise<Run> {
    return this.start(args, env).done;
  }

  preview(...args: string[]): Promise<Run> {
    return this.run(["preview", "--diff=false", ...args]);
  }

  up(...args: string[]): Promise<Run> {
    return this.run(["up", "--yes", ...args]);
  }

  /** Watches the lab from outside until it is stopped, at the latest with the stack. */
  async audit(): Promise<Audit> {
    this.select();
    const audit = await startAuditor(labKubeconfig(this.lab) ?? "", this.dir);
    this.audits.add(audit);
    return audit;
  }

  /** For steps that a test stands on: a failure shows what the CLI said. */
  async must(args: readonly string[]): Promise<Run> {
    const run = await this.run(args);
    if (run.code !== 0)
      throw new Error(`pulumi ${args.join(" ")} ended with ${String(run.code)}:\n${run.text}`);
    return run;
  }

  async close(): Promise<void> {
    for (const child of this.running) if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    for (const audit of this.audits) await audit.stop();
    this.select();
    await destroyLab(this.lab);
    rmSync(this.dir, { recursive: true, force: true });
  }

  private environment(): Record<string, string> {
    return {
      PULUMI_BACKEND_URL: folderBackend(join(this.dir, "state")),
      PULUMI_HOME: join(this.dir, "home"),
      PULUMI_CONFIG_PASSPHRASE: "test",
      CHANGEOVER_LABS: join(this.dir, "labs"),
    };
  }

  /** What the file says, which a command may have edited. */
  private read(): Config {
    const text = readFileSync(join(this.dir, "Pulumi.test.yaml"), "utf8");
    const { config = {} } = parse(text) as { readonly config?: Config };
    return Object.fromEntries(
      Object.entries(config).map(([key, value]) => [key.replace("changeover:", ""), value]),
    );
  }

  private write(): void {
    const entries = Object.entries(this.config).map(([key, value]) => [`changeover:${key}`, value] as const);
    writeFileSync(
      join(this.dir, "Pulumi.test.yaml"),
      stringify({ config: Object.fromEntries<unknown>(entries) }),
    );
  }
}

const follow = (child: ChildProcess): Running => {
  let text = "";
  const listeners = new Set<() => void>();
  const hear = (chunk: Buffer): void => {
    text += chunk.toString();
    for (const listener of listeners) listener();
  };
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  const done = new Promise<Run>(resolveRun => child.once("close", code => resolveRun({ code, text })));
  const seen = (pattern: RegExp): Promise<void> =>
    new Promise((resolveSeen, reject) => {
      const look = (): void => {
        if (!pattern.test(text)) return;
        listeners.delete(look);
        resolveSeen();
      };
      listeners.add(look);
      void done.then(run =>
        reject(new Error(`ended with ${String(run.code)} before ${String(pattern)}:\n${run.text}`)),
      );
      look();
    });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${child.spawnfile} did not start`);
  return { pid, interrupt: () => void process.kill(-pid, "SIGINT"), seen, done };
};
