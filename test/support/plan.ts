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

const show = (value: unknown): string => (value === undefined ? "nothing" : JSON.stringify(value));

/** Paths at which two values differ, each with both: "version: 1.35 → 1.36". */
const differences = (before: unknown, after: unknown, path = ""): readonly string[] => {
  if (isRecord(before) && isRecord(after))
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter(key => !key.startsWith("__"))
      .sort()
      .flatMap(key => differences(before[key], after[key], path === "" ? key : `${path}.${key}`));
  const [from, to] = [show(before), show(after)];
  return from === to ? [] : [`${path}: ${from} → ${to}`];
};

/** Of the cloud's resources with values; of ours the names of inputs, whose values are the ledger's affair. */
const changesOf = (step: Step): string => {
  const found = differences(step.oldState?.inputs, step.newState?.inputs);
  if (!OURS.test(typeOf(step))) return found.join(", ");
  return [...new Set(found.map(line => /^[^.:]+/.exec(line)?.[0] ?? line))].join(", ");
};

const describe = (step: Step): string => {
  const text = `${step.op} ${typeOf(step)} ${nameOf(step)}`;
  return step.op === "update" ? `${text} (${changesOf(step)})` : text;
};

/** All that a preview would do, a line a step, in the order of their names; what stays the same is left out. */
export const readPlan = (output: string): readonly string[] => {
  const json = output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1);
  const { steps } = JSON.parse(json) as { readonly steps: readonly Step[] };
  return steps
    .filter(({ op }) => op !== "same")
    .map(describe)
    .sort();
};
