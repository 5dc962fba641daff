import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as surface from "../../components";
import { SHELL } from "../../components/gates/shell";
import { ensurePulumi } from "../../lab/languageHost/pulumi";
import { edit, installPackage, type InstalledPackage } from "../support/installedPackage";

const ROOT = resolve(__dirname, "../..");
const LAB = "packed";
const PRINT_SURFACE = join(ROOT, "test/support/printSurface.cjs");
const PRINT_SHELL = join(ROOT, "test/support/printShell.cjs");

interface State {
  readonly deployment: { readonly resources?: readonly { readonly inputs?: Record<string, unknown> }[] };
}

describe("the package, packed and installed in a program elsewhere", () => {
  let program: InstalledPackage;

  beforeAll(async () => {
    const cli = await ensurePulumi({ progress: () => undefined, signal: AbortSignal.timeout(3_600_000) });
    program = await installPackage(cli, LAB);
  });

  afterAll(() => program.remove());

  it("holds compiled code and what building the tools needs, and nothing of developing it", () => {
    const sources = program.files.filter(path => /\.m?ts$/.test(path) && !/\.d\.m?ts$/.test(path));
    const templates = readdirSync(join(ROOT, "templates")).sort();
    const programs = [
      "examples/cluster-blue-green",
      "examples/ten-lines",
      ...templates.map(name => `templates/${name}`),
    ];
    expect(sources.sort()).toEqual(programs.map(folder => `${folder}/index.ts`));
    expect(program.files.filter(path => /^(test|bench|scripts|docs|node_modules)\//.test(path))).toEqual([]);
    for (const path of [
      "controlplane/tools/versions.json",
      "lab/languageHost/host.mjs",
      "policy/PulumiPolicy.yaml",
    ])
      expect(program.files).toContain(path);
    const modules = readdirSync(join(ROOT, "controlplane/tools/modules"));
    for (const id of modules) expect(program.files).toContain(`controlplane/tools/modules/${id}/go.sum`);
  });

  it("has types that the template's program compiles with", async () => {
    const checked = await program.bin("tsc", "--noEmit", "--noCheck", "false", "-p", ".");
    expect(checked.lines.join("\n")).toBe("");
  });

  it("shows its help from node_modules/.bin", async () => {
    const help = await program.bin("changeover", "--help");
    expect(help.lines.join("\n")).toMatch(/Usage: changeover[^]*\n {2}lab /);
    expect((await program.bin("changeover", "lab", "--help")).code).toBe(0);
  });

  it("is the same under every loader", async () => {
    const { lines } = await program.node(PRINT_SURFACE, join(program.dir, "node_modules/changeover"));
    const [exported, gates, parsed] = JSON.parse(lines.at(-1) ?? "") as readonly [
      string[],
      string[],
      unknown,
    ];
    expect(exported).toEqual(Object.keys(surface).sort());
    expect(gates).toEqual(["check", "create", "delete", "diff", "update"]);
    expect(parsed).toMatchObject({ ok: true });
    for (const args of [
      ["--require", join(ROOT, "components/source.cjs")],
      ["--require", join(ROOT, "node_modules/ts-node/register/transpile-only")],
      ["--import", join(ROOT, "node_modules/tsx/dist/loader.mjs")],
    ])
      expect((await program.node(...args, PRINT_SURFACE, ROOT)).lines.at(-1)).toBe(lines.at(-1));
  });

  it("stores the same text as a clone", async () => {
    const { lines } = await program.node(
      PRINT_SHELL,
      join(program.dir, "node_modules/changeover/components"),
    );
    expect(JSON.parse(lines.at(-1) ?? "")).toBe(SHELL);
  });

  it("previews the cluster that the template describes, under its own policy pack", async () => {
    edit(join(program.dir, "Pulumi.dev.yaml"), text =>
      text
        .replace("name: dev", `name: ${LAB}`)
        .replace("min: 3", "min: 2")
        .replace(/^config:\n/m, "config:\n  changeover:soak: { duration: 1s }\n"),
    );
    expect((await program.pulumi("stack", "init", "dev")).code).toBe(0);
    const preview = await program.pulumi("preview", "--policy-pack", "node_modules/changeover/policy");
    expect(preview.lines.join("\n")).toMatch(/changeover@v[\d.]+[^]*\+ \d+ to create/);
    expect(preview.code).toBe(0);
  });

  it("takes a program of ten lines in its place, which describes the same cluster", async () => {
    const tenLines = readFileSync(join(ROOT, "examples/ten-lines/index.ts"), "utf8");
    expect(tenLines.trimEnd().split("\n").length).toBeLessThanOrEqual(10);
    const own = tenLines.replace('name: "dev"', `name: "${LAB}"`).replace("min: 3", "min: 2");
    edit(join(program.dir, "index.ts"), () => own);
    const checked = await program.bin("tsc", "--noEmit", "--noCheck", "false", "-p", ".");
    expect(checked.lines.join("\n")).toBe("");
    const preview = await program.pulumi("preview");
    expect(preview.lines.join("\n")).toMatch(/NodePool\s+workers-1-35-[0-9a-f]{6}\s+create/);
    expect(preview.code).toBe(0);
  });

  it("makes it, and stores nothing but the shell", async () => {
    const up = await program.pulumi("up", "--yes", "--skip-preview");
    expect(up.lines.join("\n")).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    const exported = await program.pulumi("stack", "export");
    const { deployment } = JSON.parse(exported.lines.join("\n")) as State;
    const stored = (deployment.resources ?? []).flatMap(({ inputs }) => inputs?.["__provider"] ?? []);
    expect(stored.length).toBeGreaterThan(5);
    expect(new Set(stored)).toEqual(new Set([SHELL]));
  });

  it("shows it, and changes nothing on the next run", async () => {
    const status = await program.bin("changeover", "lab", "status", LAB);
    expect(status.lines.join("\n")).toContain(`lab ${LAB}: running`);
    expect((await program.pulumi("preview", "--expect-no-changes")).code).toBe(0);
  });

  it("destroys it and leaves nothing", async () => {
    const destroy = await program.pulumi("destroy", "--yes");
    expect(destroy.code).toBe(0);
    expect(existsSync(join(program.dir, "../labs", LAB))).toBe(false);
  });
});
