import { appendFileSync, closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import type { AuditLine } from "./format";

export interface Journal {
  write(line: AuditLine): void;
  close(): void;
}

/** Written at once, line by line: what was found stays found when the auditor is killed. */
export const openJournal = (path: string): Journal => {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, "w");
  return {
    write: line => appendFileSync(file, `${JSON.stringify(line)}\n`),
    close: () => closeSync(file),
  };
};
