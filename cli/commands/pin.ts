import { Command, Option } from "commander";
import { connectionOf, parseStack } from "../../core/config";
import { applyEdits } from "../../core/config/applyEdits";
import type { Edit } from "../../core/config/edit";
import {
  type AddOnWish,
  describeAddOnPins,
  describePins,
  type Pins,
  type PinWish,
  planPins,
} from "../../core/config/pin";
import { ProblemError } from "../../core/problem";
import type { Result } from "../../core/result";
import { knownMinors } from "../../core/version/catalog";
import { CATALOG } from "../../data";
import { stockOf } from "../clouds";
import { describeEdit } from "../describeEdit";
import { openRawStackFile, type RawStackFile } from "../stackFile";

interface PinOptions {
  readonly stack: string;
  readonly cwd: string;
  readonly write?: boolean;
  readonly output: "text" | "json";
}

/** All are asked for, and what is not offered is refused for all at once. */
const mustHaveAll = async (asked: readonly Promise<Result<string>>[]): Promise<readonly string[]> => {
  const answers = await Promise.all(asked);
  const problems = answers.flatMap(answer => (answer.ok ? [] : answer.problems));
  if (problems.length > 0) throw new ProblemError("nothing was pinned", problems);
  return answers.flatMap(answer => (answer.ok ? [answer.value] : []));
};

const lookUp = async ({ spec, wishes, addOns }: Pins): Promise<readonly Edit[]> => {
  const stock = stockOf(spec.cluster.cloud);
  const connection = connectionOf(spec.cluster);
  const ask = ({ pool, version, machine, family }: PinWish) =>
    stock.newestImage({ connection, pool, version, machine, ...(family === undefined ? {} : { family }) });
  const askAddOn = (wish: AddOnWish) => stock.newestAddOn?.({ connection, ...wish }) ?? [];
  const found = await mustHaveAll([...wishes.map(ask), ...addOns.flatMap(askAddOn)]);
  return [...describePins(wishes, found), ...describeAddOnPins(addOns, found.slice(wishes.length))];
};

const report = (file: RawStackFile, edits: readonly Edit[], options: PinOptions): void => {
  const written = options.write === true && edits.length > 0;
  if (options.output === "json") {
    console.log(JSON.stringify({ file: file.path, written, edits }));
    return;
  }
  for (const edit of edits) console.log(describeEdit(edit));
  if (edits.length === 0)
    console.log(
      "nothing to do: every pool names the newest image of its version, every add-on what the cloud has for the control plane",
    );
  else if (written)
    console.log(`${file.path} written; each new image is a new generation: see \`pulumi preview\``);
  else console.log("nothing was written: add --write");
};

const facts = { knownMinors: knownMinors(CATALOG) };

const pin = async (names: readonly string[], options: PinOptions): Promise<void> => {
  const file = openRawStackFile(options.cwd, options.stack);
  const planned = planPins(file.raw, names, facts);
  if (!planned.ok) throw new ProblemError("nothing was pinned", planned.problems);
  const edits = await lookUp(planned.value);
  const after = parseStack(applyEdits(file.raw, edits), facts);
  if (!after.ok) throw new ProblemError("nothing was pinned: the config would be refused", after.problems);
  if (options.write === true && edits.length > 0) file.apply(edits);
  report(file, edits, options);
};

/** `changeover pin`: the exact image of each pool, as the cloud offers it today. */
export const pinCommand = (): Command =>
  new Command("pin")
    .description(
      "write the newest exact image of each pool's version, and the versions of add-ons, into the config",
    )
    .argument("[pools...]", "pools to pin; default: all that are not held, and the add-ons of owner program")
    .requiredOption("-s, --stack <name>", "the stack whose Pulumi.<name>.yaml is edited")
    .option("--cwd <folder>", "folder of the Pulumi program", ".")
    .option("--write", "write the file; without it the edits are only shown")
    .addOption(new Option("--output <form>", "how to print it").choices(["text", "json"]).default("text"))
    .addHelpText(
      "after",
      "\nAsks the cloud: EKS for the release of its AMI (Systems Manager's public parameters), GKE for its node\nversions, never newer than a control plane of the same minor; AKS for the newest node image of a pool like\nthis one. TYPE/ before an image stays.\nAn add-on gets the version that EKS takes by default for cluster.version; a newer one that fits stays.\nAnother image is another generation: the next `pulumi up` moves the pool to it.",
    )
    .action(pin);
