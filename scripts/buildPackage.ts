import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import ts from "typescript";

const ROOT = join(__dirname, "..");
const OUT = join(ROOT, "build", "package");
const SOURCES = ["core", "data", "kube", "controlplane", "operations", "components", "policy", "cli", "lab"];
const AS_IS = ["README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md", "templates"];
/** Not compiled but needed at run time: locks, modules to build from, shims, stages. */
const CARRIED = /\.(json|cjs|mod|sum|yaml|yml|html|css)$/;

/** The npm package: compiled files where the sources are, so that every path means the same in both. */
const build = (): void => {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  compile();
  for (const folder of SOURCES) carry(join(ROOT, folder));
  for (const name of AS_IS) cpSync(join(ROOT, name), join(OUT, name), { recursive: true });
  compileHost();
  writeFileSync(join(OUT, "package.json"), manifest());
  console.log(`built ${OUT}`);
};

const compile = (): void => {
  const config = join(OUT, "tsconfig.json");
  const include = SOURCES.map(folder => join(ROOT, folder));
  const compilerOptions = { noEmit: false, outDir: OUT, rootDir: ROOT, declaration: true, types: ["node"] };
  writeFileSync(config, JSON.stringify({ extends: join(ROOT, "tsconfig.json"), compilerOptions, include }));
  execFileSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", config], {
    stdio: "inherit",
  });
  rmSync(config);
};

/** The language host is an .mts that node runs as it is; node refuses to strip types inside node_modules. */
const compileHost = (): void => {
  const source = join(ROOT, "lab/languageHost/host.mts");
  const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  const { outputText } = ts.transpileModule(readFileSync(source, "utf8"), { compilerOptions: options });
  writeFileSync(join(OUT, "lab/languageHost/host.mjs"), outputText);
};

const carry = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const target = join(OUT, relative(ROOT, path));
    if (statSync(path).isDirectory()) carry(path);
    else if (CARRIED.test(name)) {
      mkdirSync(dirname(target), { recursive: true });
      cpSync(path, target);
    }
  }
};

/** The clone's own manifest without what only developing needs. */
const manifest = (): string => {
  const all = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Record<string, unknown>;
  const { devDependencies: _dev, scripts: _scripts, allowScripts: _allow, ...kept } = all;
  return `${JSON.stringify(kept, null, 2)}\n`;
};

build();
