import type { Command } from "commander";
import { ProblemError } from "../../../core/problem";
import { openKube } from "../../../kube";
import { runExplainCommand } from "../../../operations/drain/commandExplain";
import { untilInterrupted } from "../../interrupt";
import { type SourceFlags, sourceOf, withChunkSize } from "./client";
import { describeExplanation } from "./describeExplanation";
import { EXPLAIN_FLAGS } from "./flagTable";
import { readFlags } from "./flags";
import { drainFlags } from "./options";
import type { RawFlags } from "./rawFlags";

const explain = async (subject: string, flags: RawFlags & SourceFlags): Promise<void> => {
  const wish = readFlags([subject], flags);
  if (!wish.ok) throw new ProblemError("nothing explained", wish.problems);
  const { command, output, chunkSize } = wish.value;
  const kube = await openKube(sourceOf(flags));
  try {
    const { rules, to } = command;
    const wanted = { subject, rules, ...(to === undefined ? {} : { to }) };
    const told = await untilInterrupted(signal =>
      runExplainCommand(withChunkSize(kube, chunkSize), { ...wanted, signal }),
    );
    const text =
      output === "text" ? describeExplanation(told).join("\n") : JSON.stringify(told, undefined, 2);
    process.stdout.write(`${text}\n`);
  } finally {
    await kube.close();
  }
};

/** `changeover drain explain`: why something would or would not move. Its flags are those of the drain it is about. */
export const explainCommand = (): Command =>
  drainFlags("explain", EXPLAIN_FLAGS)
    .description("say why a pod, or each pod of a node, would or would not move; changes nothing")
    .argument("<pod|node>", "namespace/name of a pod, its name alone, or a node; also pod/... and node/...")
    // The parent has read the flags that both know: what counts is what it found.
    .action((subject: string, _: object, command: Command) => explain(subject, command.optsWithGlobals()));
