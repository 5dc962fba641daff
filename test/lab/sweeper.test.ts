import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../support/processes";

const SWEEPER = join(__dirname, "..", "sweeper.cjs");
const IDLE = ["-e", "setInterval(() => undefined, 1000)"];

const started: ChildProcess[] = [];

const start = (args: readonly string[], env: NodeJS.ProcessEnv = {}): ChildProcess => {
  const child = spawn(process.execPath, args, { stdio: "ignore", env });
  started.push(child);
  return child;
};

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

afterEach(() => {
  for (const child of started.splice(0)) child.kill("SIGKILL");
});

it("ends what a killed test runner left, and only that, and removes its folder", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "changeover-sweep-")));
  const runner = start(IDLE);
  const inside = start(IDLE, { TMPDIR: folder });
  const named = start([...IDLE, join(folder, "etcd")]);
  const stranger = start(IDLE);
  const sweeper = start([SWEEPER, String(runner.pid), folder]);
  await until(() => inside.pid !== undefined && sweeper.pid !== undefined, { ms: 5_000, describe: () => "" });
  expect([inside, named].some(hasEnded)).toBe(false);
  runner.kill("SIGKILL");
  await until(() => [inside, named, sweeper].every(hasEnded), {
    ms: 20_000,
    describe: () => [inside, named, sweeper].map(hasEnded),
  });
  expect(existsSync(folder)).toBe(false);
  expect(hasEnded(stranger)).toBe(false);
});
