import { once } from "node:events";
import { createInterface } from "node:readline";

/** What a contender that is a Node.js program of ours is told, as its one argument. */
export interface ChildOrder {
  readonly kubeconfig: string;
  readonly nodes: readonly string[];
  readonly run: string;
  /** Its Deployments get their successors before they lose a pod. */
  readonly surgeFirstIn?: string;
}

export const READY = "ready ";
export const GO = "go";

export const orderOf = (argv: readonly string[]): ChildOrder => JSON.parse(argv[2] ?? "{}") as ChildOrder;

/**
 * Says that the program is loaded and how many processor seconds that took, and waits for the word to start: what is
 * measured is the drain, not the compilation of TypeScript.
 */
export const awaitGo = async (): Promise<void> => {
  const { user, system } = process.cpuUsage();
  process.stdout.write(`${READY}${(user + system) / 1e6}\n`);
  const input = createInterface({ input: process.stdin });
  await once(input, "line");
  input.close();
  process.stdin.destroy();
};

export const report = (line: string): void => void process.stdout.write(`${line}\n`);

export const runChild = (work: () => Promise<number>): void => {
  work().then(
    code => process.exit(code),
    (error: unknown) => {
      report(error instanceof Error ? (error.stack ?? error.message) : String(error));
      process.exit(1);
    },
  );
};
