import { mkdirSync, readdirSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";
import { exclusively } from "../../controlplane/exclusive";
import { readJson, writeJson } from "../../controlplane/files";
import { ProblemError } from "../../core/problem";
import { labDir, readMark } from "../home";

export interface LabTaint {
  readonly key: string;
  readonly value?: string | undefined;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

/** What a generation's machines are made of; nothing of it but `size` and `start` changes after its making. */
export interface LabPoolSpec {
  readonly generation: string;
  /** "" = its nodes bear no label of changeover's but those in `labels`. */
  readonly pool: string;
  /** Kubelet's version: "1.36" or "1.36.4". */
  readonly version: string;
  readonly size: { readonly min: number; readonly max: number };
  /** How many it is born with; its least size when absent. */
  readonly start?: number | undefined;
  readonly machine?: string | undefined;
  readonly zones: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** What new nodes are born with, until setTemplateTaints says otherwise. */
  readonly taints: readonly LabTaint[];
  /** How a stand-in cloud dresses its machines; absent = as the lab's own. */
  readonly dress?: MachineDress | undefined;
}

export interface MachineDress {
  readonly cpu: string;
  readonly memory: string;
  /** With {zone} and {id} to be filled in. */
  readonly providerId: string;
}

/** A node group as the stand-in cloud keeps it. */
export interface LabPool extends LabPoolSpec {
  /** How many nodes the cloud holds on to. */
  readonly desired: number;
  /** Nothing new joins: no refill, no growth. */
  readonly closed: boolean;
  readonly templateTaints: readonly LabTaint[];
}

export interface LabPoolOptions {
  readonly progress?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

const GENERATION = /^[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?$/;

const poolsDir = (lab: string): string => join(labDir(lab), "pools");
const poolDir = (lab: string, generation: string): string => join(poolsDir(lab), generation);
const recordPath = (lab: string, generation: string): string => join(poolDir(lab, generation), "pool.json");

/** What the cloud says of a node group; `undefined` = there is none. */
export const readLabPool = (lab: string, generation: string): LabPool | undefined =>
  readJson<LabPool>(recordPath(lab, generation));

export const writeLabPool = (lab: string, record: LabPool): LabPool => {
  writeJson(recordPath(lab, record.generation), record);
  return record;
};

export const forgetLabPool = (lab: string, generation: string): void =>
  rmSync(poolDir(lab, generation), { recursive: true, force: true });

/** Every node group of the lab, by name. */
export const listLabPools = (lab: string): readonly LabPool[] => {
  try {
    const names = readdirSync(poolsDir(lab)).sort();
    return names.map(name => readLabPool(lab, name)).filter(pool => pool !== undefined);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
};

const checkPlace = (lab: string, generation: string): void => {
  if (readMark(labDir(lab)) === undefined)
    throw new ProblemError(`node group ${generation}`, [
      {
        code: "Lab.Missing",
        path: lab,
        message: `there is no lab "${lab}" to hold node groups`,
        fix: `changeover lab up ${lab}`,
      },
    ]);
  if (!GENERATION.test(generation)) throw new Error(`"${generation}" cannot name a node group`);
};

/** One change of a node group at a time, across processes; each sees what the one before left. */
export const withPool = async <T>(
  place: { readonly lab: string; readonly generation: string },
  options: LabPoolOptions,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> => {
  const { lab, generation } = place;
  checkPlace(lab, generation);
  const dir = poolDir(lab, generation);
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const run = {
    progress: options.progress ?? ((): void => undefined),
    signal: options.signal ?? new AbortController().signal,
  };
  return exclusively(realpathSync(dir), run, inside => work(inside.signal));
};
