/** As `pulumi preview --json` prints a step. */
interface Step {
  readonly op: string;
  readonly urn: string;
  readonly oldState?: { readonly inputs?: object };
  readonly newState?: { readonly inputs?: object };
  readonly detailedDiff?: Readonly<Record<string, unknown>> | null;
}

const OURS = /^(?:pulumi|changeover):/;

/** As previews show it: "aws:eks/cluster:Cluster" is aws:eks:Cluster. */
const typeOf = ({ urn }: Step): string =>
  (urn.split("::")[2]?.split("$").at(-1) ?? "").replace("pulumi-nodejs:dynamic/", "").replace(/\/[^:]+/, "");

const nameOf = ({ urn }: Step): string => urn.split("::").slice(3).join("::");

/** "spec.pools[0].version" → its parts. */
const partsOf = (path: string): readonly string[] => path.match(/[^.[\]"]+/g) ?? [];

const valueAt = (from: unknown, path: string): string => {
  const value = partsOf(path).reduce<unknown>(
    (inner, part) =>
      typeof inner === "object" && inner !== null ? (inner as Record<string, unknown>)[part] : undefined,
    from,
  );
  return typeof value === "object" ? "…" : JSON.stringify(value ?? null);
};

/** Of the cloud's resources with values; of gates the names of inputs, whose values are the ledger's and the tests' affair. */
const changesOf = (step: Step): string => {
  const paths = Object.keys(step.detailedDiff ?? {});
  const { oldState, newState } = step;
  if (OURS.test(typeOf(step))) return [...new Set(paths.map(path => partsOf(path)[0]))].sort().join(", ");
  return paths
    .sort()
    .map(path => `${path} ${valueAt(oldState?.inputs, path)} → ${valueAt(newState?.inputs, path)}`)
    .join(", ");
};

const describe = (step: Step): string => {
  const text = `${step.op} ${typeOf(step)} ${nameOf(step)}`;
  return step.op === "update" ? `${text}: ${changesOf(step)}` : text;
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
