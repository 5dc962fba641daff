import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Ended } from "./programs";

export interface LogWish {
  /** Folder; undefined = nothing is kept. */
  readonly logs: string | undefined;
  readonly scenario: string;
  readonly contender: string;
}

let runs = 0;

/** Seconds from the start, and what was said then. */
export const keepLines = (wish: LogWish, startedAt: number, { lines }: Ended): void => {
  if (wish.logs === undefined) return;
  const text = lines.map(({ at, text }) => `${((at - startedAt) / 1_000).toFixed(2)} ${text}\n`).join("");
  mkdirSync(wish.logs, { recursive: true });
  const name = `${String(runs++).padStart(3, "0")}-${wish.scenario}-${wish.contender}.log`;
  writeFileSync(join(wish.logs, name), text);
};
