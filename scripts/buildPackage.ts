import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { parseDocument } from "yaml";

const ROOT = join(__dirname, "..");
const OUT = resolve(process.argv[2] ?? join(ROOT, "build", "package"));
const FOLDERS = ["core", "data", "kube", "controlplane", "operations", "components", "policy", "cli", "lab"];
const PROGRAM = "index.ts";
const STACKS = ["Pulumi.local.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml"];
const AS_IS = ["README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md", "templates", "examples", ...STACKS];
/** Not compiled but needed at run time: locks, modules to build from, loaders, the policy pack's manifest. */
const CARRIED = /\.(json|cjs|mod|sum|yaml|html|css)$/;
const LEFT_OUT = /(tsconfig\.json|components\/source\.cjs|policy\/load\.cjs)$/;

/** The npm package, in `build/package` or the folder named: compiled files where the sources are, so that every path means the same in both. */
const build = (): void => {
  rmSync(OUT, { recursive: true, force: true });
  mkdirSync(OUT, { recursive: true });
  compile();
  for (const folder of FOLDERS) carry(join(ROOT, folder));
  for (const name of AS_IS) cpSync(join(ROOT, name), join(OUT, name), { recursive: true });
  writePack();
  writeProject();
  writeJson("package.json", manifest());
  console.log(`built ${OUT}`);
};

const compile = (): void => {
  const config = join(OUT, "tsconfig.json");
  const include = [...FOLDERS, PROGRAM].map(name => join(ROOT, name));
  const types = { types: ["node"], typeRoots: [join(ROOT, "node_modules/@types")] };
  const compilerOptions = { noEmit: false, outDir: OUT, rootDir: ROOT, declaration: true, ...types };
  writeFileSync(config, JSON.stringify({ extends: join(ROOT, "tsconfig.json"), compilerOptions, include }));
  execFileSync(process.execPath, [join(ROOT, "node_modules/typescript/bin/tsc"), "-p", config], {
    stdio: "inherit",
  });
  rmSync(config);
};

const carry = (folder: string): void => {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const target = join(OUT, relative(ROOT, path));
    if (statSync(path).isDirectory()) carry(path);
    else if (CARRIED.test(name) && !LEFT_OUT.test(path)) {
      mkdirSync(dirname(target), { recursive: true });
      cpSync(path, target);
    }
  }
};

const readJson = (path: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(ROOT, path), "utf8")) as Record<string, unknown>;

const writeJson = (path: string, content: object): void =>
  writeFileSync(join(OUT, path), `${JSON.stringify(content, null, 2)}\n`);

/** `--policy-pack node_modules/changeover/policy` runs what is compiled. */
const writePack = (): void =>
  writeJson("policy/package.json", { ...readJson("policy/package.json"), main: "index.js" });

/** The program that is nothing but its stack config, ready to run: the demo uses it. */
const writeProject = (): void => {
  const project = parseDocument(readFileSync(join(ROOT, "Pulumi.yaml"), "utf8"));
  project.set("main", "index.js");
  project.set("runtime", project.createNode({ name: "nodejs", options: { typescript: false } }));
  writeFileSync(join(OUT, "Pulumi.yaml"), project.toString());
};

/** The clone's own manifest without what only developing needs. */
const manifest = (): object => {
  const {
    devDependencies: _dev,
    scripts: _scripts,
    allowScripts: _allow,
    ...kept
  } = readJson("package.json");
  return kept;
};

build();
