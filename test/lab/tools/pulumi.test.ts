import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ensurePulumi, type PulumiCli } from "../../../lab/languageHost/pulumi";

// The first time on a machine the CLI is downloaded or built.
jest.setTimeout(15 * 60_000);

const FILES: Readonly<Record<string, string>> = {
  "Pulumi.yaml":
    "name: tiny\nmain: index.ts\nruntime: {name: nodejs, options: {tsconfig: tsconfig.run.json}}\n",
  "package.json": '{"name":"tiny","version":"0.0.1"}',
  "tsconfig.run.json":
    '{"compilerOptions":{"module":"commonjs","moduleResolution":"node10","target":"es2022","noCheck":true,"skipLibCheck":true}}',
  "index.ts": `
import * as pulumi from "@pulumi/pulumi";
const provider = { create: async (inputs: object) => { console.log("made a word"); return { id: "1", outs: inputs }; } };
class Word extends pulumi.dynamic.Resource {
  constructor(name: string, args: { word: string }) { super(provider, name, args, undefined, "tiny", "Word"); }
}
new Word("first", { word: new pulumi.Config("tiny").require("word") });
`,
  "policy/PulumiPolicy.yaml": "runtime: nodejs\n",
  "policy/package.json": '{"name":"pack","version":"0.0.1"}',
  "policy/tsconfig.json":
    '{"compilerOptions":{"module":"commonjs","moduleResolution":"node10","target":"es2022","noCheck":true,"skipLibCheck":true}}',
  "policy/index.ts": `
import * as pulumi from "@pulumi/pulumi";
import { PolicyPack } from "@pulumi/policy";
new PolicyPack("words", { policies: [{
  name: "no-bad-words", description: "words are good", enforcementLevel: "mandatory",
  validateResource: (args, report) => { if (args.props.word === "bad") report("bad word in stack " + pulumi.getStack()); },
}] });
`,
};

let folder: string;
let cli: PulumiCli;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "changeover-pulumi-"));
  const modules = dirname(dirname(dirname(createRequire(__filename).resolve("@pulumi/pulumi/package.json"))));
  await mkdir(join(folder, "policy"));
  for (const [name, text] of Object.entries(FILES)) await writeFile(join(folder, name), text);
  await symlink(modules, join(folder, "node_modules"));
  cli = await ensurePulumi({ progress: () => undefined, signal: new AbortController().signal });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const pulumi = async (...args: string[]): Promise<{ code: number; text: string }> => {
  const own = {
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_HOME: join(folder, "home"),
    PULUMI_CONFIG_PASSPHRASE: "x",
  };
  const child = spawn(cli.pulumi, [...args, "--non-interactive"], {
    cwd: folder,
    env: { ...cli.env, ...own },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => (text += bytes.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, text };
};

it("previews, refuses by policy, applies and destroys a program through the real engine", async () => {
  await pulumi("stack", "init", "dev");
  await pulumi("config", "set", "tiny:word", "bad");
  const refused = await pulumi("preview", "--policy-pack", "policy");
  expect(refused.code).not.toBe(0);
  expect(refused.text).toContain("bad word in stack dev");

  await pulumi("config", "set", "tiny:word", "good");
  const applied = await pulumi("up", "--yes", "--skip-preview", "--policy-pack", "policy");
  expect(applied.text).toContain("made a word");
  expect(applied.text).toContain("2 created");
  expect(applied.text).not.toContain("$PATH");

  const destroyed = await pulumi("destroy", "--yes", "--skip-preview");
  expect(destroyed).toMatchObject({ code: 0 });
  expect(destroyed.text).toContain("2 deleted");
});

it("gives the same CLI and folders each time", async () => {
  const again = await ensurePulumi({ progress: () => undefined, signal: new AbortController().signal });
  expect(again).toEqual(cli);
});
