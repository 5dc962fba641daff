import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepingLines } from "../../../bench/drain/logs";
import { startPrograms } from "../../../bench/drain/programs";
import { until } from "../../support/processes";

const WHO = { scenario: "S1", contender: "changeover" };
const line = (at: number, text: string) => ({ at, text });
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "changeover-logs-"));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Without the numbers that runs get. */
const keptIn = (logs: string): readonly string[] =>
  readdirSync(logs).map(name => `${name.slice(4)}\n${readFileSync(join(logs, name), "utf8")}`);

it("what a contender said is kept with seconds from its start, also what one said that was started in its place", async () => {
  const first = { startedAt: 1_000, lines: [line(1_500, "begun")] };
  const second = { startedAt: 4_000, lines: [line(4_250, "going on")] };
  const play = (): Promise<string> => Promise.resolve("a result");
  expect(await keepingLines({ logs: folder, ...WHO }, () => [first, second], play)).toBe("a result");
  expect(keptIn(folder)).toEqual(["S1-changeover.log\n0.50 begun\n3.25 going on\n"]);
});

it("what a program has said is kept when its drain is interrupted", async () => {
  const args = ["-e", "console.log('pods move'); setInterval(() => undefined, 1000)"];
  const steps = [[{ program: process.execPath, args, waits: false }]];
  const running = await startPrograms(steps, { cwd: folder, env: process.env });
  const interrupted = async (): Promise<never> => {
    await until(() => running.lines.length > 0, { ms: 20_000, describe: () => "it has said nothing" });
    throw new Error("stopped");
  };
  const logs = join(folder, "made", "by", "it");
  const drain = keepingLines({ logs, ...WHO }, () => [running], interrupted);
  await expect(drain).rejects.toThrow("stopped");
  running.kill();
  await running.done;
  expect(keptIn(logs)).toEqual([expect.stringMatching(/^S1-changeover\.log\n\d+\.\d\d pods move\n$/)]);
});

it("nothing is kept where nobody asked for it", async () => {
  await keepingLines(
    { logs: undefined, ...WHO },
    () => [{ startedAt: 0, lines: [] }],
    () => Promise.resolve(),
  );
  expect(keptIn(folder)).toEqual([]);
});
