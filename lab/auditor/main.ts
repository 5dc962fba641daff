/**
 * An auditor of disruptions: `node --require ./components/source.cjs lab/auditor/main.ts --kubeconfig FILE --out FILE.jsonl`.
 * Prints `auditing` once it sees the cluster; ends on SIGTERM, on SIGINT, when `FILE.jsonl.stop` appears (`--stop --out
 * FILE.jsonl` makes it) and when its parent is gone. The last line of the file is the summary. It shares no code with
 * what it audits, so that one mistake cannot be made on both sides.
 */
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { startAudit } from "./audit";
import { readConnection } from "./connection";
import { openJournal } from "./journal";

const EXIT_FOUND = 3;
const EXIT_USAGE = 2;
const LOOK_EVERY_MS = 200;

const USAGE = `usage: main.ts --kubeconfig FILE --out FILE.jsonl
       main.ts --stop --out FILE.jsonl

exit codes: 0 nothing found, ${EXIT_FOUND} something found, ${EXIT_USAGE} wrong use, 1 the cluster could not be seen
`;

/** Resolves with the reason to stop. Signals, a stop file and the death of the parent all count. */
const untilTold = (stopFile: string): Promise<string> =>
  new Promise(resolve => {
    const parent = process.ppid;
    const timer = setInterval(() => {
      if (existsSync(stopFile)) tell("stop file");
      if (process.ppid !== parent) tell("parent gone");
    }, LOOK_EVERY_MS);
    const tell = (reason: string): void => {
      clearInterval(timer);
      resolve(reason);
    };
    process.once("SIGTERM", () => tell("SIGTERM")).once("SIGINT", () => tell("SIGINT"));
  });

const audit = async (kubeconfig: string, out: string): Promise<number> => {
  const stopFile = `${out}.stop`;
  rmSync(stopFile, { force: true });
  const told = untilTold(stopFile);
  const connection = readConnection(kubeconfig);
  const journal = openJournal(out);
  journal.write({ kind: "start", at: Date.now(), pid: process.pid, server: connection.server.href });
  const running = await startAudit(connection, line => journal.write(line));
  process.stdout.write("auditing\n");
  await told;
  const summary = await running.stop();
  journal.write({ kind: "summary", at: Date.now(), summary });
  journal.close();
  rmSync(stopFile, { force: true });
  return summary.clean ? 0 : EXIT_FOUND;
};

const run = async (): Promise<number> => {
  const options = {
    kubeconfig: { type: "string" },
    out: { type: "string" },
    stop: { type: "boolean" },
  } as const;
  const { kubeconfig, out, stop } = parseArgs({ options }).values;
  if (out !== undefined && stop === true) {
    writeFileSync(`${out}.stop`, "");
    return 0;
  }
  if (out !== undefined && kubeconfig !== undefined) return audit(kubeconfig, out);
  process.stderr.write(USAGE);
  return EXIT_USAGE;
};

run().then(
  code => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`auditor: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
