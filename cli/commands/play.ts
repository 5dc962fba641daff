/** What `demo` and `example` share: one scenario, its verdict, and an exit code that says which. */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { ProblemError } from "../../core/problem";
import { type DemoOutcome, describeLeft, runDemo, takeDown } from "../../lab/demo/run";
import type { Scenario } from "../../lab/demo/scenario";
import { openStage, type Stage } from "../../lab/demo/stage";

/** This repository, or the package. */
export const PROGRAM = resolve(__dirname, "../..");

export interface PlayFlags {
  readonly keep?: boolean;
  readonly down?: boolean;
  readonly reports: string;
  readonly output: "text" | "json";
}

/** 128 + SIGINT, as shells have it. */
const INTERRUPTED = 130;
const FOUND = 3;
const FAILED = 1;

export const withPlayOptions = (command: Command): Command =>
  command
    .option("--keep", "leave the cluster running at the end, to look around in")
    .option("--down", "remove everything that an earlier run left, and do nothing else")
    .option("--reports <folder>", "where index.html and report.txt go", "report")
    .addOption(
      new Option("--output <format>", "json: the verdict on stdout, the story on stderr")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText(
      "after",
      `\nExit codes: 0 done and nothing found, ${FOUND} the auditor found something, ${FAILED} failed, ${INTERRUPTED} stopped`,
    );

/** The first Ctrl-C asks, the second insists. */
const listenForInterrupts = (say: (line: string) => void): Pick<Stage, "signal" | "hurry"> => {
  const ask = new AbortController();
  const insist = new AbortController();
  const hear = (): void => {
    if (insist.signal.aborted) return;
    if (ask.signal.aborted) {
      insist.abort();
      // The engine has 5 s after the second one; so have we.
      setTimeout(() => process.exit(INTERRUPTED), 5_000).unref();
      return;
    }
    say("\nstopping: what is under way ends cleanly; press Ctrl-C again to leave at once\n");
    ask.abort(new Error("stopped"));
  };
  process.on("SIGINT", hear).on("SIGTERM", hear);
  return { signal: ask.signal, hurry: insist.signal };
};

const asJson = ({ verdict, facts, page }: DemoOutcome): object => ({
  good: verdict.good,
  headline: verdict.headline,
  from: facts.from,
  to: facts.to,
  seconds: facts.acts.reduce((sum, act) => sum + act.tookMs, 0) / 1000,
  checks: verdict.checks,
  doubts: verdict.doubts,
  acts: facts.acts.map(({ title, finished, tookMs, summary }) => ({
    title,
    finished,
    seconds: tookMs / 1000,
    moved: summary.moved,
    workloads: summary.subjects,
  })),
  report: page,
});

const perform = async (scenario: Scenario, flags: PlayFlags, stage: Stage): Promise<number> => {
  const outcome = await runDemo(
    { program: PROGRAM, reports: resolve(flags.reports), keep: flags.keep === true, scenario },
    stage,
  );
  if (flags.output === "json") process.stdout.write(`${JSON.stringify(asJson(outcome), undefined, 2)}\n`);
  if (outcome.verdict.good) return 0;
  return outcome.facts.finished ? FOUND : FAILED;
};

const remove = async (stage: Stage): Promise<number> => {
  await takeDown(stage);
  stage.say("nothing of it is left");
  return 0;
};

const explain = (error: unknown, stage: Stage): number => {
  const stopped = stage.signal.aborted;
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(stopped ? "\nstopped. What is left:\n" : `\nfailed: ${reason}\nWhat is left:\n`);
  describeLeft().forEach(line => process.stderr.write(`   ${line}\n`));
  return stopped ? INTERRUPTED : FAILED;
};

/** Plays it, or with `--down` only removes what an earlier run left; sets the exit code. */
export const play = async (scenario: Scenario, flags: PlayFlags): Promise<void> => {
  const write = (text: string): void =>
    void (flags.output === "json" ? process.stderr : process.stdout).write(text);
  const stage = openStage(write, listenForInterrupts(write));
  try {
    process.exitCode = await (flags.down === true ? remove(stage) : perform(scenario, flags, stage));
  } catch (error) {
    if (error instanceof ProblemError && error.problems.some(one => one.code === "Demo.AlreadyRunning"))
      throw error;
    process.exitCode = explain(error, stage);
  }
};
