import { resolve } from "node:path";
import { Command, Option } from "commander";
import { ProblemError } from "../../core/problem";
import { describeLeft, runDemo, takeDown } from "../../lab/demo/run";
import type { DemoOutcome } from "../../lab/demo/run";
import { SCENARIOS, type ScenarioName } from "../../lab/demo/scenario";
import { openStage } from "../../lab/demo/stage";
import type { Stage } from "../../lab/demo/stage";

interface DemoFlags {
  readonly keep?: boolean;
  readonly down?: boolean;
  readonly reports: string;
  readonly stack: ScenarioName;
  readonly output: "text" | "json";
}

/** 128 + SIGINT, as shells have it. */
const INTERRUPTED = 130;
const FOUND = 3;
const FAILED = 1;

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
  seconds: (facts.endedAt - facts.startedAt) / 1000,
  checks: verdict.checks,
  doubts: verdict.doubts,
  workloads: facts.summary.subjects,
  report: page,
});

const perform = async (flags: DemoFlags, stage: Stage): Promise<number> => {
  if (flags.down === true) {
    await takeDown(stage);
    stage.say("nothing of the demo is left");
    return 0;
  }
  const request = {
    program: resolve(__dirname, "../.."),
    reports: resolve(flags.reports),
    keep: flags.keep === true,
    stack: flags.stack,
  };
  const outcome = await runDemo(request, stage);
  if (flags.output === "json") process.stdout.write(`${JSON.stringify(asJson(outcome), undefined, 2)}\n`);
  if (outcome.verdict.good) return 0;
  return outcome.facts.upgraded ? FOUND : FAILED;
};

const explain = (error: unknown, stage: Stage): number => {
  const stopped = stage.signal.aborted;
  const reason = error instanceof Error ? error.message : String(error);
  process.stderr.write(
    stopped ? "\nstopped. What is left:\n" : `\nthe demo failed: ${reason}\nWhat is left:\n`,
  );
  describeLeft().forEach(line => process.stderr.write(`   ${line}\n`));
  return stopped ? INTERRUPTED : FAILED;
};

/** `changeover demo`, which is `npm run demo`. */
export const demoCommand = (): Command =>
  new Command("demo")
    .description(
      "make a lab cluster with a shop on it, upgrade it with the real Pulumi CLI, and have it audited",
    )
    .option("--keep", "leave the cluster running at the end, to look around in")
    .option("--down", "remove everything that an earlier demo left, and do nothing else")
    .addOption(
      new Option("--stack <name>", "local: the lab as it is; staging: EKS, on a stand-in for AWS, and back")
        .choices(Object.keys(SCENARIOS))
        .default("local"),
    )
    .option("--reports <folder>", "where index.html and report.txt go", "report")
    .addOption(
      new Option("--output <format>", "json: the verdict on stdout, the story on stderr")
        .choices(["text", "json"])
        .default("text"),
    )
    .addHelpText(
      "after",
      `\nExit codes: 0 upgraded and nothing found, ${FOUND} the auditor found something, ${FAILED} failed, ${INTERRUPTED} stopped`,
    )
    .action(async (flags: DemoFlags) => {
      const write = (text: string): void =>
        void (flags.output === "json" ? process.stderr : process.stdout).write(text);
      const stage = openStage(write, listenForInterrupts(write));
      try {
        process.exitCode = await perform(flags, stage);
      } catch (error) {
        if (error instanceof ProblemError && error.problems.some(one => one.code === "Demo.AlreadyRunning"))
          throw error;
        process.exitCode = explain(error, stage);
      }
    });
