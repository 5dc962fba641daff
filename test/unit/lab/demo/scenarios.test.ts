import { resolve } from "node:path";
import { aksFacts } from "../../../../components/clouds/aks/facts";
import type { CloudFacts } from "../../../../components/clouds/contract";
import { eksFacts } from "../../../../components/clouds/eks/facts";
import { gkeFacts } from "../../../../components/clouds/gke/facts";
import { kubeadmFacts } from "../../../../components/clouds/kubeadm/facts";
import { labFacts } from "../../../../components/clouds/lab/facts";
import { parseStack, type StackSpec } from "../../../../core/config";
import { planHold, planRetire } from "../../../../core/config/edit";
import { planRollback } from "../../../../core/config/rollback";
import { generationId } from "../../../../core/identity/generation";
import type { Problem } from "../../../../core/problem";
import type { Result } from "../../../../core/result";
import { desiredOf } from "../../../../core/upgrade/desired";
import { evaluateUpgrade, type ObservedCluster } from "../../../../core/upgrade/rules";
import { CATALOG } from "../../../../data";
import { DEMO_STACKS, listExamples, readDemo, readExample } from "../../../../lab/demo/catalogue";
import type { Change, Scenario, TextEdit } from "../../../../lab/demo/scenario";
import { configIn, editText } from "../../../../lab/demo/stackText";

const ROOT = resolve(__dirname, "../../../..");
const NOW = "2026-11-21T00:00:00Z";

const FACTS: Partial<Record<string, CloudFacts>> = {
  ...{ eks: eksFacts, gke: gkeFacts, aks: aksFacts, kubeadm: kubeadmFacts },
};

const SCENARIOS = [
  ...DEMO_STACKS.map(name => readDemo(ROOT, name)),
  ...listExamples(ROOT).map(name => readExample(ROOT, name)),
];

const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(JSON.stringify(result.problems, null, 1));
  return result.value;
};

/** Generation → the version it runs, of all that a stack describes. */
const generationsIn = ({ cluster, pools }: StackSpec): ReadonlyMap<string, string> =>
  new Map(
    pools.flatMap(pool => [
      [generationId(cluster.name, pool), pool.version] as const,
      ...pool.retiring.map(({ generation, spec }) => [generation, spec.version] as const),
    ]),
  );

const exact = (version: string): string => (version.split(".").length === 2 ? `${version}.0` : version);

/** The cluster as an `up` of that stack left it yesterday: a node of each generation, and its record. */
const clusterAfter = (stack: StackSpec): ObservedCluster => ({
  version: { binary: exact(stack.cluster.version) },
  nodes: stack.pools.flatMap(({ name, retiring, version, ...pool }) =>
    [
      { generation: generationId(stack.cluster.name, { name, version, ...pool }), version },
      ...retiring.map(({ generation, spec }) => ({ generation, version: spec.version })),
    ].map(one => ({
      name: `node-of-${one.generation}`,
      kubelet: `v${exact(one.version)}`,
      pool: name,
      generation: one.generation,
      ready: true,
      schedulable: true,
    })),
  ),
  ledger: {
    reached: { version: stack.cluster.version, stage: "final", from: "1.35", at: "2026-11-20T00:00:00Z" },
    pools: Object.fromEntries(
      stack.pools.map(pool => [
        pool.name,
        { active: generationId(stack.cluster.name, pool), epoch: 1, completed: 1 },
      ]),
    ),
  },
});

const problemsOf = (before: StackSpec, text: string): readonly Problem[] => {
  const after = parseStack(configIn(text));
  if (!after.ok) return after.problems;
  const desired = desiredOf(after.value, FACTS[before.cluster.cloud] ?? labFacts);
  return evaluateUpgrade(clusterAfter(before), desired, { catalog: CATALOG, now: NOW }).blockers;
};

/** What the command of a change writes; going back means the generation that is being left. */
const commandEdits = (stack: StackSpec, command: string): readonly TextEdit[] => {
  const [verb, pool = "", ...rest] = command.split(" ");
  const flag = (name: string): string | undefined => rest[rest.indexOf(name) + 1];
  const old = stack.pools.find(({ name }) => name === pool)?.retiring[0];
  const edits = {
    hold: () => planHold(stack, pool),
    retire: () => planRetire(stack, pool, { version: flag("--to") ?? "", image: flag("--image") ?? "" }),
    rollback: () => planRollback(stack, { [pool]: { generation: old?.generation ?? "", kubelets: [] } }),
  }[verb as "hold" | "retire" | "rollback"]();
  return must(edits).map(({ path, value }) => ({ path: path.join("."), value }));
};

const planOf = (before: StackSpec, after: StackSpec): Change["plan"] => {
  const [old, fresh] = [generationsIn(before), generationsIn(after)];
  const missing = (from: ReadonlyMap<string, string>, there: ReadonlyMap<string, string>): string[] =>
    [...from.keys()].filter(id => !there.has(id)).map(id => id.replace(/-[0-9a-f]{6}$/, ""));
  return {
    controlPlane: before.cluster.version === after.cluster.version ? "untouched" : "updated",
    create: missing(fresh, old),
    delete: missing(old, fresh),
  };
};

interface Told {
  readonly file: string;
  /** What an `up` got to: of one that failed on purpose, the control plane alone. */
  readonly reached: string;
}

const reachedBy = ({ reached }: Told, { fails }: Change, file: string): string => {
  if (fails === undefined) return file;
  const { cluster } = configIn(file);
  return editText(reached, [{ path: "cluster", value: cluster }]);
};

/** Takes the text through one change and holds what the scenario says of it; a refused one changes nothing. */
const checkChange = (told: Told, change: Change): Told => {
  const before = must(parseStack(configIn(told.reached)));
  const edits = change.command === undefined ? [] : commandEdits(before, change.command);
  const file = editText(editText(told.file, edits), change.edits);
  expect(file).not.toBe(told.file);
  const codes = problemsOf(before, file).map(({ code }) => code);
  if (change.refused !== undefined) {
    // What only the cloud, or a machine, knows is told by engine tests.
    if (change.refusedBy === "rules") expect(codes).toContain(change.refused);
    else expect(codes).toEqual([]);
    return told;
  }
  expect([change.title, codes]).toEqual([change.title, []]);
  expect({ title: change.title, ...planOf(before, must(parseStack(configIn(file)))) }).toEqual({
    title: change.title,
    ...change.plan,
  });
  return { file, reached: reachedBy(told, change, file) };
};

describe.each(SCENARIOS.map(scenario => [scenario.name, scenario] as const))(
  "the scenario %s",
  (_name, scenario: Scenario) => {
    const begun = editText(scenario.stackText, scenario.rehearsal);

    it("begins with config that is accepted", () => {
      expect(problemsOf(must(parseStack(configIn(begun))), begun)).toEqual([]);
    });

    it("says of each change what the rules say and what comes and goes", () => {
      scenario.acts.flatMap(({ changes }) => changes).reduce(checkChange, { file: begun, reached: begun });
      expect.hasAssertions();
    });
  },
);
