import type { TestStack } from "./stack";

/** As `pulumi preview --json` prints a step. */
interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: { readonly inputs?: object };
  readonly newState?: { readonly inputs?: object };
}

const OURS = /^(?:pulumi|changeover):/;

/** As previews show it: "aws:eks/cluster:Cluster" is aws:eks:Cluster. */
const typeOf = ({ urn }: Step): string =>
  (urn.split("::")[2]?.split("$").at(-1) ?? "").replace("pulumi-nodejs:dynamic/", "").replace(/\/[^:]+/, "");

const nameOf = ({ urn }: Step): string => urn.split("::").slice(3).join("::");

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** As the engine writes what only an `up` will know (pulumi/pulumi, sdk/go/common/resource/plugin/rpc.go). */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const show = (value: unknown): string => {
  if (value === UNKNOWN) return "unknown";
  return value === undefined ? "nothing" : JSON.stringify(value);
};

const isScript = (value: unknown): value is string => typeof value === "string" && value.includes("\n");

/** Of two scripts what lies between the lines that both begin and end with. */
const between = (before: string, after: string): readonly [string, string] => {
  let [from, to] = [before.split("\n"), after.split("\n")];
  while (from.length > 0 && from[0] === to[0]) [from, to] = [from.slice(1), to.slice(1)];
  while (from.length > 0 && from.at(-1) === to.at(-1)) [from, to] = [from.slice(0, -1), to.slice(0, -1)];
  return [from.join("\n"), to.join("\n")];
};

/** Paths at which two values differ, each with both: "version: 1.35 → 1.36". */
const differences = (before: unknown, after: unknown, path = ""): readonly string[] => {
  if (isRecord(before) && isRecord(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter(key => !key.startsWith("__"))
      .sort()
      .flatMap(key => differences(before[key], after[key], path === "" ? key : `${path}.${key}`));
  const [from, to] = (isScript(before) && isScript(after) ? between(before, after) : [before, after]).map(
    show,
  );
  return from === to ? [] : [`${path}: ${from} → ${to}`];
};

/** Of the cloud's resources with values; of ours the names of inputs, whose values are the ledger's affair. */
const changesOf = (step: Step): string => {
  const found = differences(step.oldState?.inputs, step.newState?.inputs);
  if (!OURS.test(typeOf(step))) return found.join(", ");
  return [...new Set(found.map(line => /^[^.:]+/.exec(line)?.[0] ?? line))].join(", ");
};

/** All that the cloud is asked for; of ours nothing, as their names say what they are. */
const inputsOf = (step: Step): string =>
  OURS.test(typeOf(step))
    ? ""
    : differences({}, step.newState?.inputs)
        .map(line => line.replace(": nothing → ", ": "))
        .join(", ");

const DETAILS: Readonly<Record<string, (step: Step) => string>> = { create: inputsOf, update: changesOf };

const describe = (step: Step): string => {
  const text = `${step.op} ${typeOf(step)} ${nameOf(step)}`;
  const details = DETAILS[step.op]?.(step) ?? "";
  return details === "" ? text : `${text} (${details})`;
};

const stepsOf = (output: string): readonly Step[] => {
  const json = output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1);
  return (JSON.parse(json) as { readonly steps: readonly Step[] }).steps;
};

/** All that a preview would do, a line a step, in the order of their names; what stays the same or is only read is left out. */
export const readPlan = (output: string): readonly string[] =>
  stepsOf(output)
    .filter(({ op }) => op !== "same" && op !== "refresh")
    .map(describe)
    .sort();

/** What the next `up` would do, unless another verb is said; the policy pack has to let it pass. */
export const planOf = async (stack: TestStack, ...args: string[]): Promise<readonly string[]> => {
  const verb = args.length > 0 ? args : ["preview", "--policy-pack", "policy"];
  const { text, code } = await stack.run([...verb, "--json"]);
  if (code !== 0) throw new Error(text);
  return readPlan(text);
};
