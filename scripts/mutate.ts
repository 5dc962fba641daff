import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { applyMutant, type Mutant, mutantsOf } from "./mutation/operators";
import { openPool, type Pool } from "./mutation/pool";
import type { Sources, Verdict } from "./mutation/protocol";
import { describeRun, type Judged, scoreOf } from "./mutation/report";

/**
 * Mutation testing of `core/drain`: `tsx scripts/mutate.ts --sample 400 --minutes 60`. Each mutant runs the unit tests that load its
 * file, in memory; nothing on disk is changed. Writes `report/drainMutation.json` and `.txt`.
 */
const ROOT = join(__dirname, "..");

/** Fewer stories per mutant than in a normal run: a broken law shows soon. */
const QUICK = { DRAIN_SEEDS: "6", DRAIN_RUNS: "10" };
/** Hundreds of runs of one story, each with a death at another step: too dear for each mutant. */
const LEFT_OUT = "everyStep.test.ts";

const readAll = (patterns: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    patterns
      .flatMap(pattern => globSync(pattern, { cwd: ROOT }))
      .map(path => [join(ROOT, path), readFileSync(join(ROOT, path), "utf8")]),
  );

/** Mulberry32, so that the same seed draws the same sample. */
const startDice = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

const drawSample = (mutants: readonly Mutant[], size: number, seed: number): readonly Mutant[] => {
  const dice = startDice(seed);
  return mutants
    .map(mutant => ({ mutant, rank: dice() }))
    .sort((a, b) => a.rank - b.rank)
    .slice(0, size)
    .map(({ mutant }) => mutant);
};

/** Cheap tests first: a mutant that one of them notices needs no simulation. */
const byCost = (a: string, b: string): number =>
  Number(a.includes("properties")) - Number(b.includes("properties"));

interface Baseline {
  readonly testsOf: (file: string) => readonly string[];
  /** Tests that fail without any mutant: they can tell nothing. */
  readonly leftOut: readonly string[];
  readonly limitMs: number;
}

const runBaseline = async (pool: Pool, tests: readonly string[]): Promise<Baseline> => {
  const touched = new Map<string, readonly string[]>();
  const started = performance.now();
  for (const test of tests) {
    const verdict = await pool.judge({ file: "", text: "", tests: [test] }, 600_000);
    const good = verdict !== "timeout" && verdict.killedBy === undefined;
    if (good) touched.set(test, verdict.touched[test] ?? []);
    else
      process.stderr.write(
        `left out, it fails as it is: ${test}\n${JSON.stringify(verdict).slice(0, 300)}\n`,
      );
  }
  const took = performance.now() - started;
  return {
    testsOf: file => tests.filter(test => touched.get(test)?.includes(file) === true),
    leftOut: tests.filter(test => !touched.has(test)).map(test => relative(ROOT, test)),
    limitMs: Math.max(20_000, took * 2),
  };
};

const fateOf = (mutant: Mutant, verdict: Verdict | "timeout"): Judged => {
  if (verdict === "timeout") return { mutant, fate: "timeout" };
  if (verdict.killedBy === undefined) return { mutant, fate: "survived" };
  return { mutant, fate: "killed", by: `${relative(ROOT, verdict.killedBy)}: ${verdict.failure ?? ""}` };
};

interface Run {
  readonly sources: Sources;
  readonly pool: Pool;
  readonly baseline: Baseline;
}

const tryMutant = async (run: Run, mutant: Mutant): Promise<Judged> => {
  const path = join(ROOT, mutant.file);
  const tests = run.baseline.testsOf(path);
  if (tests.length === 0) return { mutant, fate: "noTest" };
  const text = applyMutant(run.sources.files[path] ?? "", mutant);
  return fateOf(mutant, await run.pool.judge({ file: path, text, tests }, run.baseline.limitMs));
};

/** Several lines of work through one list, until it or the time is up. The order is random: a part is a fair sample. */
const tryAll = async (
  run: Run,
  mutants: readonly Mutant[],
  limits: { readonly lines: number; readonly until: number },
): Promise<readonly Judged[]> => {
  const left = [...mutants];
  const judged: Judged[] = [];
  const work = async (): Promise<void> => {
    for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
      judged.push(await tryMutant(run, mutant));
      if (judged.length % 10 === 0) process.stderr.write(`${judged.length} of ${mutants.length}\n`);
      if (performance.now() > limits.until) return;
    }
  };
  await Promise.all(Array.from({ length: limits.lines }, work));
  return judged;
};

const optionsOf = () =>
  parseArgs({
    options: {
      files: { type: "string", default: "core/drain/**/*.ts" },
      sample: { type: "string", default: "400" },
      seed: { type: "string", default: "1" },
      workers: { type: "string", default: "2" },
      minutes: { type: "string", default: "60" },
    },
  }).values;

const main = async (): Promise<void> => {
  Object.assign(process.env, QUICK);
  const options = optionsOf();
  const kept = readAll([
    "{core,data,kube,operations}/**/*.{ts,json}",
    "test/{unit/core/drain,support}/**/*.ts",
  ]);
  const sources: Sources = { root: ROOT, files: kept };
  const tests = Object.keys(kept)
    .filter(path => path.endsWith(".test.ts") && !path.endsWith(LEFT_OUT))
    .sort(byCost);
  const mutants = Object.keys(readAll([options.files])).flatMap(path =>
    mutantsOf(relative(ROOT, path), kept[path] ?? ""),
  );
  const seed = Number(options.seed);
  const sample = drawSample(mutants, Number(options.sample), seed);
  const pool = openPool(sources, Number(options.workers));
  const baseline = await runBaseline(pool, tests);
  const limits = {
    lines: Number(options.workers),
    until: performance.now() + Number(options.minutes) * 60_000,
  };
  const judged = await tryAll({ sources, pool, baseline }, sample, limits);
  pool.close();
  const score = scoreOf(judged, { sampledOf: mutants.length, seed, leftOut: baseline.leftOut });
  const text = describeRun(score, judged);
  mkdirSync(join(ROOT, "report"), { recursive: true });
  writeFileSync(join(ROOT, "report", "drainMutation.json"), JSON.stringify({ score, judged }, undefined, 1));
  writeFileSync(join(ROOT, "report", "drainMutation.txt"), text);
  process.stdout.write(`${text}\n`);
};

void main();
