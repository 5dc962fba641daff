import { join, resolve } from "node:path";
import { runProgram } from "../lab/demo/runProgram";
import type { Measurement } from "./row";

const ROOT = resolve(__dirname, "..");
const DEADLINE_MS = 15 * 60_000;
const DEMO_SECONDS = 120;

/** `npm run demo` from start to end, tools cached; once, because it takes minutes. */
export const measureDemo: Measurement = async ({ scratch, signal, say }) => {
  const args = [join(ROOT, "cli/bin.cjs"), "demo", "--reports", join(scratch, "report")];
  const env = process.env as Record<string, string>;
  const run = await runProgram(process.execPath, args, {
    cwd: ROOT,
    env,
    signal,
    timeoutMs: DEADLINE_MS,
    onLine: say,
  });
  signal.throwIfAborted();
  if (run.code !== 0) throw new Error(`the demo failed:\n${run.lines.slice(-30).join("\n")}`);
  const values = [(run.endedAt - run.startedAt) / 1000];
  return [{ what: "npm run demo, tools cached", unit: "s", values, atMost: DEMO_SECONDS }];
};
