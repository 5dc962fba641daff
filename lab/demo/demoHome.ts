/** The demo's own folder: stack, journal, and a note of which process uses it. Its cluster is a lab like any other. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ProblemError } from "../../core/problem";
import { labsRoot } from "../home";

export const DEMO_CLUSTER = "demo";

export interface DemoHome {
  readonly dir: string;
  /** Path that each auditor's journal begins with. */
  readonly journal: string;
}

export const demoHome = (): DemoHome => {
  // A name that no lab can have, so that no list of labs takes it for one.
  const dir = join(labsRoot(), ".demo");
  return { dir, journal: join(dir, "audit") };
};

const NOTE = "pid";
const noteOf = ({ dir }: DemoHome): string => join(dir, NOTE);

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
};

const userOf = (home: DemoHome): number | undefined => {
  if (!existsSync(noteOf(home))) return undefined;
  const pid = Number(readFileSync(noteOf(home), "utf8"));
  return pid !== process.pid && isAlive(pid) ? pid : undefined;
};

/** @throws when another demo of this user is running: both would use one cluster. */
export const claimHome = (home: DemoHome): void => {
  const user = userOf(home);
  if (user !== undefined) {
    throw new ProblemError("the demo can't start", [
      {
        code: "Demo.AlreadyRunning",
        path: home.dir,
        message: `another demo is running (process ${user})`,
        fix: "wait for it or stop it, or set CHANGEOVER_LABS to another folder",
      },
    ]);
  }
  mkdirSync(home.dir, { recursive: true, mode: 0o700 });
  writeFileSync(noteOf(home), String(process.pid));
};

/** Whether a run before this one left something: the note of who uses it is none. */
export const isThere = ({ dir }: DemoHome): boolean =>
  existsSync(dir) && readdirSync(dir).some(name => name !== NOTE);

/** After this another demo may begin. */
export const leaveHome = (home: DemoHome): void => rmSync(noteOf(home), { force: true });

export const removeHome = (home: DemoHome): void => rmSync(home.dir, { recursive: true, force: true });
