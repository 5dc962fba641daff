import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Running } from "./programs";

export interface LogWish {
  /** Folder; undefined = nothing is kept. */
  readonly logs: string | undefined;
  readonly scenario: string;
  readonly contender: string;
}

type Said = Pick<Running, "startedAt" | "lines">;

let runs = 0;

/** Seconds from the start of the first, and what was said then. */
const keepLines = ({ logs, scenario, contender }: LogWish, said: readonly Said[]): void => {
  const [first] = said;
  if (logs === undefined || first === undefined) return;
  const lines = said.flatMap(running => running.lines);
  const text = lines.map(line => `${((line.at - first.startedAt) / 1_000).toFixed(2)} ${line.text}\n`);
  mkdirSync(logs, { recursive: true });
  const name = `${String(runs++).padStart(3, "0")}-${scenario}-${contender}.log`;
  writeFileSync(join(logs, name), text.join(""));
};

/** Does the work, and keeps what was said meanwhile, however it ends: one that is interrupted is one to read about. */
export const keepingLines = async <T>(
  wish: LogWish,
  said: () => readonly Said[],
  work: () => Promise<T>,
): Promise<T> => {
  try {
    return await work();
  } finally {
    keepLines(wish, said());
  }
};
