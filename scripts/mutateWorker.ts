import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import vm from "node:vm";
import { transformSync } from "@swc/core";
import type { Sources, Task, Verdict } from "./mutation/protocol";

/** Runs test files against sources held in memory, without a test framework's start-up: tens of mutants a minute. */

interface Test {
  readonly name: string;
  readonly run: () => unknown;
}

type Load = (path: string) => Record<string, unknown>;

const COMPILED = new Map<string, vm.Script>();

const compile = (path: string, text: string): vm.Script => {
  const { code } = transformSync(text, {
    filename: path,
    jsc: { parser: { syntax: "typescript" }, target: "es2023" },
    module: { type: "commonjs" },
  });
  return new vm.Script(
    `(function (around) {const { exports, require, module, __dirname } = around;${code}\n})`,
    {
      filename: path,
    },
  );
};

const scriptOf = (path: string, sources: Sources, task: Task): vm.Script => {
  if (task.file === path) return compile(path, task.text);
  const known = COMPILED.get(path) ?? compile(path, sources.files[path] ?? "");
  COMPILED.set(path, known);
  return known;
};

const resolveIn = (sources: Sources, from: string, wanted: string): string | undefined => {
  if (!wanted.startsWith(".")) return undefined;
  const base = join(dirname(from), wanted);
  return [base, `${base}.ts`, join(base, "index.ts")].find(path => Object.hasOwn(sources.files, path));
};

interface Surroundings {
  readonly exports: object;
  readonly require: (name: string) => unknown;
  readonly module: object;
  readonly __dirname: string;
}

type Wrapper = (around: Surroundings) => void;

/** A fresh copy of every module for each mutant: no state of the last one is left. */
const openLoader = (sources: Sources, task: Task, touched: Set<string>): Load => {
  const loaded = new Map<string, { exports: Record<string, unknown> }>();
  const load: Load = path => {
    const known = loaded.get(path);
    if (known !== undefined) return known.exports;
    touched.add(path);
    const module = { exports: {} as Record<string, unknown> };
    loaded.set(path, module);
    if (path.endsWith(".json"))
      module.exports = JSON.parse(sources.files[path] ?? "{}") as Record<string, unknown>;
    else {
      const outside = createRequire(path);
      const require = (name: string): unknown => {
        const inside = resolveIn(sources, path, name);
        return inside === undefined ? outside(name) : load(inside);
      };
      const wrapper = scriptOf(path, sources, task).runInThisContext() as Wrapper;
      wrapper({ exports: module.exports, require, module, __dirname: dirname(path) });
    }
    return module.exports;
  };
  return load;
};

const row = (fn: (...args: unknown[]) => unknown, args: unknown): (() => unknown) =>
  Array.isArray(args) ? () => fn(...(args as unknown[])) : () => fn(args);

type Body = (...args: unknown[]) => unknown;

/** The few words of the test framework that pure tests use. */
const openFramework = (tests: Test[]): Record<string, unknown> => {
  const it = (name: string, run: () => unknown): number => tests.push({ name, run });
  const itEach =
    (table: readonly unknown[]) =>
    (name: string, fn: Body): void =>
      table.forEach(args => it(name, row(fn, args)));
  const describe = (_name: string, body: () => void): void => body();
  const describeEach =
    (table: readonly unknown[]) =>
    (_name: string, fn: Body): void =>
      table.forEach(args => row(fn, args)());
  const test = Object.assign(it, { each: itEach });
  return { it: test, test, describe: Object.assign(describe, { each: describeEach }) };
};

const findExpect = (root: string): unknown => {
  // The framework's own assertions; the package that brings them is not one of ours.
  const found = createRequire(join(root, "node_modules", "jest", "package.json"))(
    ["exp", "ect"].join(""),
  ) as {
    readonly expect: unknown;
  };
  return found.expect;
};

const failureOf = async (test: Test): Promise<string | undefined> => {
  try {
    await test.run();
    return undefined;
  } catch (error) {
    return `${test.name}: ${String(error).split("\n")[0] ?? ""}`;
  }
};

const runFile = async (path: string, load: Load): Promise<string | undefined> => {
  const tests: Test[] = [];
  Object.assign(globalThis, openFramework(tests));
  try {
    load(path);
  } catch (error) {
    return `does not load: ${String(error)}`;
  }
  for (const test of tests) {
    const failure = await failureOf(test);
    if (failure !== undefined) return failure;
  }
  return undefined;
};

const judge = async (sources: Sources, task: Task): Promise<Verdict> => {
  const touched: Record<string, readonly string[]> = {};
  for (const path of task.tests) {
    const files = new Set<string>();
    const started = performance.now();
    const failure = await runFile(path, openLoader(sources, task, files));
    touched[path] = [...files];
    if (failure !== undefined) return { killedBy: path, failure, touched };
    if (task.file === "") process.stderr.write(`${path}: ${Math.round(performance.now() - started)} ms\n`);
  }
  return { touched };
};

const main = (): void => {
  let sources: Sources | undefined;
  process.on("message", (message: Sources | Task) => {
    if ("files" in message) {
      sources = message;
      Object.assign(globalThis, { expect: findExpect(message.root) });
    } else if (sources !== undefined) {
      void judge(sources, message).then(verdict => process.send?.(verdict));
    }
  });
};

main();
