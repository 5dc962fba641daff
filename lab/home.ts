import { mkdirSync, readdirSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { ProblemError, type Problem } from "../core/problem";
import { readJson, writeJson } from "../controlplane/files";

/** What a lab's folder says about itself; whatever lacks it is none of ours and never deleted. */
export interface LabMark {
  readonly protocol: 1;
  readonly name: string;
  readonly created: string;
  /** Port of the simulator. */
  readonly port?: number;
}

const NAME = /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/;

export const labsRoot = (): string => {
  const state = process.env["XDG_STATE_HOME"] ?? join(homedir(), ".local", "state");
  return resolve(process.env["CHANGEOVER_LABS"] ?? join(state, "changeover", "labs"));
};

const refuse = (problem: Problem): never => {
  throw new ProblemError(`lab ${problem.path}`, [problem]);
};

/** Folder of a lab, whether it is there or not. */
export const labDir = (name: string): string => {
  if (!NAME.test(name))
    refuse({
      code: "Lab.BadName",
      path: name,
      message: `"${name}" cannot name a lab; allowed are up to 40 lower-case letters, digits and inner hyphens`,
      fix: 'choose a name like "dev" or "demo-1"',
    });
  return join(labsRoot(), name);
};

export const planeDir = (name: string): string => join(labDir(name), "plane");

const markPath = (dir: string): string => join(dir, "lab.json");

export const readMark = (dir: string): LabMark | undefined => {
  const mark = readJson<LabMark>(markPath(dir));
  return mark?.protocol === 1 ? mark : undefined;
};

export const writeMark = (dir: string, mark: LabMark): void => writeJson(markPath(dir), mark);

const ownerOf = (dir: string): number | undefined => statSync(dir, { throwIfNoEntry: false })?.uid;

/** `undefined` = free, or ours; else why nobody may touch it. */
export const checkFolder = (name: string): Problem | undefined => {
  const dir = labDir(name);
  const owner = ownerOf(dir);
  if (owner === undefined) return undefined;
  const me = process.getuid?.();
  if (me !== undefined && owner !== me)
    return {
      code: "Lab.OtherUser",
      path: name,
      message: `${dir} belongs to another user (uid ${owner}, you are ${me})`,
      fix: "choose another name, or set CHANGEOVER_LABS to a folder of your own",
    };
  if (readMark(dir) !== undefined || readdirSync(dir).length === 0) return undefined;
  return {
    code: "Lab.NotALab",
    path: name,
    message: `${dir} is there but has no lab.json: it was not made by changeover, or was half removed by hand`,
    fix: `look into it; remove it yourself if nothing there is needed (rm -r ${dir}), or choose another name`,
  };
};

export const refuseForeign = (name: string): void => {
  const problem = checkFolder(name);
  if (problem !== undefined) refuse(problem);
};

/** Marks the folder as ours before anything else is put there. */
export const ensureMark = (name: string): LabMark => {
  refuseForeign(name);
  const dir = labDir(name);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const found = readMark(dir);
  if (found !== undefined) return found;
  const mark: LabMark = { protocol: 1, name, created: new Date().toISOString() };
  writeMark(dir, mark);
  return mark;
};

/** Names of all folders in the labs' root, sorted. */
export const labFolders = (): readonly string[] => {
  try {
    const entries = readdirSync(labsRoot(), { withFileTypes: true });
    return entries
      .filter(entry => entry.isDirectory() && NAME.test(entry.name))
      .map(entry => entry.name)
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
};
