import fc from "fast-check";
import { anyPool } from "../support/anyEdit";
import { TestStack } from "../support/stack";

const LAB = "edits";
const RUNS = 12;

interface Step {
  readonly op: string;
  readonly urn: string;
}

const pool = anyPool({
  machines: ["lab.small", "lab.medium", "lab.large"],
  images: ["a", "b"],
  zones: ["a", "b", "c"],
  versions: ["1.35", "1.35.8"],
});

const edit = fc.record({
  version: fc.constantFrom("1.35", "1.35.8", "1.36", "1.36.4"),
  workers: pool,
  extra: fc.option(pool, { nil: undefined }),
  soak: fc.constantFrom("1s", "2s"),
  health: fc.constantFrom("60s", "90s"),
});

const typeOf = ({ urn }: Step): string => urn.split("::")[2]?.split("$").at(-1) ?? "";
const nameOf = ({ urn }: Step): string => urn.split("::")[3] ?? "";
const namesWhere = (steps: readonly Step[], op: string, kind: string): readonly string[] =>
  steps
    .filter(step => step.op === op && typeOf(step).endsWith(`/changeover:${kind}`))
    .map(nameOf)
    .sort();

describe("no edit of the config ever replaces machines or a control plane", () => {
  let stack: TestStack;

  beforeAll(async () => {
    stack = await TestStack.open(LAB, {
      cluster: { name: LAB, cloud: "lab", version: "1.35" },
      pools: { workers: { size: { min: 1, max: 3 }, machine: "lab.small" } },
      backup: { kind: "none" },
      soak: { duration: "1s" },
    });
    await stack.must(["up", "--yes", "--skip-preview"]);
  });

  afterAll(() => stack.close());

  it("whatever is edited, steps are in place or of another name, and each goes through its interlock", async () => {
    let planned = 0;
    const steps = async (change: Record<string, Record<string, unknown>>): Promise<readonly Step[]> => {
      stack.set(change);
      const { code, text } = await stack.run(["preview", "--json"]);
      const plan = JSON.parse(text.slice(text.indexOf("{"), text.lastIndexOf("}") + 1)) as { steps?: Step[] };
      expect({ code, text: code === 0 ? "" : text }).toEqual({ code: 0, text: "" });
      planned += plan.steps?.length ?? 0;
      return plan.steps ?? [];
    };
    const judge = async ({
      version,
      workers,
      extra,
      soak,
      health,
    }: typeof edit extends fc.Arbitrary<infer E> ? E : never): Promise<void> => {
      const seen = await steps({
        cluster: { name: LAB, cloud: "lab", version },
        pools: { workers, ...(extra === undefined ? {} : { extra }) },
        soak: { duration: soak },
        health: { timeout: health },
      });
      expect(seen.filter(({ op }) => op.includes("replace"))).toEqual([]);
      expect(namesWhere(seen, "delete", "LabNodePool")).toEqual(namesWhere(seen, "delete", "Interlock"));
      expect(namesWhere(seen, "delete", "LabControlPlane")).toEqual([]);
    };
    await fc.assert(fc.asyncProperty(edit, judge), { numRuns: RUNS, endOnFailure: true });
    expect(planned).toBeGreaterThan(RUNS * 10);
  });
});
