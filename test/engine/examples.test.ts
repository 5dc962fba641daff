import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type ProgramRun, runProgram } from "../../lab/demo/runProgram";

const ROOT = resolve(__dirname, "../..");
const DEADLINE_MS = 580_000;

interface Told {
  readonly good: boolean;
  readonly headline: string;
  readonly checks: readonly { readonly label: string; readonly count: number; readonly outOf: string }[];
}

/**
 * Those that show what no other test runs whole. The others as far as rules and plan
 * (test/unit/lab/demo): on clouds they go the way of the clouds' own stories, and the parts of platform-chart, which takes
 * two minutes, have tests of their own.
 */
describe("changeover example", () => {
  const dir = mkdtempSync(join(tmpdir(), "changeover-examples-"));

  afterAll(async () => {
    await example("--down");
    rmSync(dir, { recursive: true, force: true });
  });

  const example = (...args: readonly string[]): Promise<ProgramRun> => {
    const inherited = process.env as Record<string, string>;
    return runProgram(
      process.execPath,
      [join(ROOT, "cli/bin.cjs"), "example", ...args, "--reports", join(dir, "report")],
      {
        cwd: ROOT,
        env: { ...inherited, CHANGEOVER_LABS: join(dir, "labs") },
        signal: new AbortController().signal,
        timeoutMs: DEADLINE_MS,
      },
    );
  };

  /** The story is on stderr, the verdict on stdout: a JSON object from its first line of "{" on. */
  const verdictIn = ({ lines }: ProgramRun): Told =>
    JSON.parse(lines.slice(lines.indexOf("{"), lines.lastIndexOf("}") + 1).join("\n")) as Told;

  it("lists them with what they show", async () => {
    const { code, lines } = await example();
    expect(code).toBe(0);
    expect(lines.join("\n")).toMatch(/^security-patch +a security patch on EKS/m);
  });

  it("names those there are where one is asked for that isn't", async () => {
    const { code, lines } = await example("nothing");
    expect(code).toBe(1);
    expect(lines.join("\n")).toMatch(/Example\.Unknown[^]*examples are [^]*edge-single-node/);
  });

  it.each(["edge-in-place", "gpu-pool", "serverless-pods"])(
    "takes %s to its end, watched, and leaves nothing",
    async name => {
      const run = await example(name, "--output", "json");
      if (run.code !== 0) throw new Error(run.lines.join("\n"));
      const told = verdictIn(run);
      expect(told.good).toBe(true);
      expect(told.checks.map(({ label, count }) => [label, count])).toEqual(
        told.checks.map(({ label }) => [label, 0]),
      );
      expect(readFileSync(join(dir, "report", "report.txt"), "utf8")).toContain(told.headline);
      expect(existsSync(join(dir, "labs", "demo"))).toBe(false);
    },
  );
});
