import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { PodFact } from "../../../../core/drain/facts";
import {
  DISREGARDABLE,
  explainPod,
  type FilterContext,
  FILTERS,
  judgePod,
} from "../../../../core/drain/filters";
import { REFUSAL_CODES } from "../../../../core/drain/ladder/refusalCode";
import type { DrainRules } from "../../../../core/drain/state";
import { pod } from "../../../support/drainSimulator/builders";

const ROOT = join(__dirname, "../../../..");
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** Cells of each table row that begins with a code. */
const rowsOf = (text: string): readonly (readonly string[])[] =>
  text
    .split("\n")
    .filter(line => line.startsWith("| `"))
    .map(line => line.split("|").slice(1, -1))
    .map(cells => cells.map(cell => cell.trim().replace(/^`([A-Z_]+)`$/, "$1")));

const [REFERENCE = "", ladderTable = ""] = read("docs/reference/drain-reasons.md").split("## The ladder\n");
const [podTable = ""] = REFERENCE.split("Said of pods");
const blockedTable = read("docs/drain.md").split("## When a drain is blocked")[1]?.split("\n## ")[0] ?? "";
const documented = [...rowsOf(REFERENCE), ...rowsOf(blockedTable)].map(([code]) => code);

/** Everything that looks like a code, but for the ladder's, of which only refusals are told. */
const codesInSource = (): ReadonlySet<string> => {
  const files = readdirSync(join(ROOT, "core/drain"), { recursive: true, encoding: "utf8" });
  const texts = files
    .filter(file => file.endsWith(".ts") && !file.startsWith("ladder"))
    .map(file => read(join("core/drain", file)));
  return new Set(
    texts.flatMap(text => [...text.matchAll(/"([A-Z]+(?:_[A-Z]+)*)"/g)].map(found => found[1] ?? "")),
  );
};

it("every code of a drain is on the pages once, and nothing else is", () => {
  const inSource = codesInSource();
  const compound = [...inSource].filter(code => code.includes("_"));
  expect(documented.filter(code => !inSource.has(code ?? ""))).toEqual([]);
  expect(compound.filter(code => !documented.includes(code))).toEqual([]);
  expect(documented).toHaveLength(new Set(documented).size);
});

it("every refusal of the ladder is in its table once, and nothing else is", () => {
  expect(rowsOf(ladderTable).map(([code]) => code)).toEqual(REFUSAL_CODES);
});

it("there is no refusal that no rung gives", () => {
  const files = ["core/drain/ladder", "operations/drain/ladder"].flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" }).map(file => join(folder, file)),
  );
  const texts = files.filter(file => file.endsWith(".ts") && !file.endsWith("refusalCode.ts")).map(read);
  expect(REFUSAL_CODES.filter(code => !texts.some(text => text.includes(`"${code}"`)))).toEqual([]);
});

const NOW = 1_000_000;
const STRICT: DrainRules = { force: false, deleteEmptyDirData: false };
const DAEMON = { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "ds" };
const { owner: _owner, ...bare } = pod("bare");
const asks = (key: string, value: string): PodFact => pod("asks", { annotations: { [key]: value } });
const labelled = (value: string): PodFact => pod("asks", { labels: { "cluster.x-k8s.io/drain": value } });
const going = (deletingSince: number): PodFact => pod("going", { deletingSince });
const SAFE = "cluster-autoscaler.kubernetes.io/safe-to-evict";

interface Sample {
  readonly pod: PodFact;
  readonly rules?: Partial<DrainRules>;
  readonly context?: Partial<FilterContext>;
}

/** One pod of which exactly this is said. */
const SAMPLES: Readonly<Record<string, Sample>> = {
  NOT_SELECTED: { pod: pod("web"), rules: { podSelector: { matchLabels: { no: "such" } } } },
  MIRROR: { pod: pod("static", { mirror: true }) },
  DAEMON_SET: { pod: pod("agent", { owner: DAEMON }) },
  FINISHED: { pod: pod("done", { phase: "Succeeded" }) },
  SKIPPED_TERMINATING: { pod: going(900_000), rules: { skipWaitForDeleteTimeoutSeconds: 1 } },
  STUCK_TERMINATING: { pod: going(900_000) },
  TERMINATING: { pod: going(990_000) },
  DRAIN_LABEL_SKIP: { pod: labelled("skip") },
  WAIT_COMPLETED: { pod: labelled("wait-completed") },
  DO_NOT_DISRUPT: { pod: asks("karpenter.sh/do-not-disrupt", "true") },
  ON_COMPLETION: { pod: asks(SAFE, "on-completion") },
  NOT_SAFE_TO_EVICT: { pod: asks(SAFE, "false") },
  RETURNS_TO_BLUE: { pod: pod("back", { tolerations: [{ operator: "Exists" }] }) },
  LOCAL_PV: {
    pod: pod("db", { claims: ["data"] }),
    context: { localClaims: new Set(["shop/data"]) },
  },
  ORPHANED: { pod: pod("agent", { owner: DAEMON }), context: { daemonSets: new Set() } },
  NOT_REPLICATED: { pod: bare },
  LOCAL_STORAGE: { pod: pod("cache", { localStorage: true }) },
};

const contextOf = ({ rules, context }: Sample, disregard: readonly string[] = []): FilterContext => ({
  ...{ now: NOW, cordon: true, ...context },
  rules: { ...STRICT, ...rules, disregard },
});

const WORDS = { ignore: "left alone", block: "blocks", wait: "waited for", waitCompleted: "waited for" };

describe("the table of pods", () => {
  const rows = rowsOf(podTable);

  it("has a sample for each of its codes", () => {
    expect(rows.map(([code]) => code)).toEqual(Object.keys(SAMPLES));
  });

  it("is in the order in which filters are asked", () => {
    const deciding = Object.values(SAMPLES).map(sample =>
      explainPod(sample.pod, contextOf(sample)).findIndex(({ decides }) => decides),
    );
    expect(deciding).toEqual([...deciding].sort((a, b) => a - b));
    expect(new Set(deciding).size).toBe(FILTERS.length);
  });

  it("names as fit for --disregard what the command takes", () => {
    const fit = rows.filter(cells => cells[3] === "yes").map(([code]) => code);
    expect(fit).toEqual(DISREGARDABLE);
  });

  it.each(rows.map(([code, , what, fit]) => ({ code: code ?? "", what: what ?? "", fit: fit === "yes" })))(
    "is right about $code",
    ({ code, what, fit }) => {
      const sample = SAMPLES[code];
      if (sample === undefined) throw new Error(`no sample of ${code}`);
      const verdict = judgePod(sample.pod, contextOf(sample));
      const passedOver = judgePod(sample.pod, contextOf(sample, [code]));
      expect(verdict).toMatchObject({ code });
      expect(verdict.kind === "move" ? "moves" : WORDS[verdict.kind]).toBe(
        /^(left alone|blocks|waited for)/.exec(what)?.[0],
      );
      expect(passedOver.kind === "move").toBe(fit);
    },
  );
});
