import { describePlan } from "../../../core/drain/plan/describePlan";
import { describeProblems } from "../../../core/problem";
import type { CommandResult } from "../../../operations/drain/commandDrain";
import type { Trial } from "../../../operations/drain/trialEvictions";
import { exitCodeOf } from "./exitCode";

type Of<K extends CommandResult["kind"]> = Extract<CommandResult, { kind: K }>;

const PLAIN = /^[A-Za-z0-9_./:=@%+,-]+$/;

/** As one would type it into a shell. */
export const shellWords = (words: readonly string[]): string =>
  words.map(word => (PLAIN.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(" ");

const commandOf = (args: readonly string[]): string => `npx changeover drain ${shellWords(args)}`;

const withoutWay = (args: readonly string[]): readonly string[] =>
  args.filter(arg => arg !== "--rollback" && arg !== "--abort");

const giveBackArgs = (args: readonly string[]): readonly string[] => [...withoutWay(args), "--abort"];

const refused = ({ problems, plan }: Of<"refused">): readonly string[] => [
  "refused: nothing was changed",
  ...(problems.length > 0 ? [describeProblems(problems)] : []),
  ...(plan === undefined ? [] : describePlan(plan)),
];

const TRIAL: Readonly<Record<Trial["verdict"], string>> = {
  now: "would go now",
  waits: "would wait for its budget",
  refused: "REFUSED",
  unclear: "no clear answer",
};

const describeTrial = ({ pod, owner, verdict, message }: Trial): string =>
  `  ${pod} (${owner}): ${TRIAL[verdict]}${message === "" ? "" : `: ${message}`}`;

const planned = ({ plan, trials }: Of<"planned">): readonly string[] => [
  ...describePlan(plan),
  ...(trials.length > 0
    ? ["one eviction of each workload, tried on the server:", ...trials.map(describeTrial)]
    : []),
  "dry run: nothing was changed",
];

const givenBack = ({ dryRun, nodes, surges }: Of<"givenBack">): readonly string[] => {
  const done = nodes.changed.map(name => `node/${name} ${dryRun ? "would be given back" : "given back"}`);
  const all = [...done, ...surges];
  return all.length > 0 ? all : ["nothing to give back: no such node bears a mark of a drain"];
};

const nodesDone = ({ plan, outcome }: Of<"ended">): readonly string[] => {
  const givenUp = new Set(outcome.nodes.givenUp);
  return plan.nodes.filter(name => !givenUp.has(name)).map(name => `node/${name} drained`);
};

const nodesGivenUp = ({ outcome }: Of<"ended">): readonly string[] =>
  (outcome.nodes.givenUp ?? []).map(name => `node/${name} drained and given up: its Node object is deleted`);

const ended = (result: Of<"ended">, args: readonly string[]): readonly string[] => {
  const { way, outcome } = result;
  if (outcome.kind === "drained") {
    const seconds = Math.round(outcome.seconds);
    const back = way === "rollback" ? ", back where they came from" : "";
    return [
      ...nodesDone(result),
      ...nodesGivenUp(result),
      `${outcome.moved} pods moved in ${seconds} s${back}`,
    ];
  }
  return [
    ...nodesGivenUp(result),
    `${outcome.kind}: ${outcome.remaining} pods left, ${outcome.nodes.empty} of ${outcome.nodes.total} nodes empty; the nodes stay cordoned`,
    `to go on:            ${commandOf(args)}`,
    ...(way === "drain" ? [`to give nodes back:  ${commandOf(giveBackArgs(args))}`] : []),
  ];
};

/** The last words of a run: what became of it, and the command to go on. `args` are those of this run. */
export const describeResult = (result: CommandResult, args: readonly string[]): readonly string[] => {
  switch (result.kind) {
    case "refused":
      return refused(result);
    case "planned":
      return planned(result);
    case "held":
      return [`held by another: ${result.reason}`, `to try again:  ${commandOf(args)}`];
    case "stopped":
      return [`stopped: ${result.reason}`, `to go on:  ${commandOf(args)}`];
    case "givenBack":
      return givenBack(result);
    case "ended":
      return ended(result, args);
  }
};

/** The same for programs. */
export const resultAsData = (result: CommandResult, args: readonly string[]): object => ({
  ...result,
  exitCode: exitCodeOf(result),
  ...(exitCodeOf(result) === 0 ? {} : { again: commandOf(args) }),
});
