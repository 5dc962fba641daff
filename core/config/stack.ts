import type { Problem } from "../problem";
import { accept, refuse, type Result } from "../result";
import { type AddOnsSpec, addOnsSchema, checkAddOns } from "./addOns";
import { checkSystemPools, withSystemPools } from "./aksChecks";
import { type BackupSpec, backupSchema } from "./backup";
import { checkKnown } from "./cloudChecks";
import { unknownKey } from "./closed";
import { CLOUDS, type ClusterSpec, clusterSchema } from "./cluster";
import { type GuardsSpec, guardsSchema } from "./guards";
import { type HealthSpec, healthSchema } from "./health";
import { checkPoolless } from "./kubeadmChecks";
import { checkHosts } from "./kubeadmHosts";
import { checkBuilt } from "./notYet";
import { parseBlock } from "./parseBlock";
import { parsePools } from "./pool";
import type { PoolSpec } from "./pools";
import { type SoakSpec, soakSchema } from "./soak";
import { type ValidationSpec, validationSchema } from "./validation";
import { type WindowSpec, windowSchema } from "./window";

/** A whole stack as config describes it, every default filled in. Nothing deeper checks or defaults it again. */
export interface StackSpec {
  readonly cluster: ClusterSpec;
  /** Sorted by name. */
  readonly pools: readonly PoolSpec[];
  readonly backup: BackupSpec;
  readonly validation: ValidationSpec;
  readonly soak: SoakSpec;
  readonly health: HealthSpec;
  readonly guards: GuardsSpec;
  readonly addOns: AddOnsSpec;
  readonly window: WindowSpec;
}

/** Keys under `changeover:`. */
export const STACK_KEYS = [
  "cluster",
  "pools",
  "backup",
  "validation",
  "soak",
  "health",
  "guards",
  "addOns",
  "window",
] as const satisfies readonly (keyof StackSpec)[];

export interface ParseFacts {
  /** Minors the catalogue knows, old to new. Others are refused; an empty list checks nothing. */
  readonly knownMinors?: readonly string[];
}

/** Reads config that is already parsed from JSON or YAML: the stack, or every problem in it at once. */
export const parseStack = (
  raw: Readonly<Record<string, unknown>>,
  facts: ParseFacts = {},
): Result<StackSpec> => {
  const knownMinors = facts.knownMinors ?? [];
  const read = parseCluster(raw["cluster"], knownMinors);
  const pools = parsePools(raw["pools"], { knownMinors, ...(read.ok ? { cluster: read.value } : {}) });
  const rest = parseRest(raw);
  const blocks = collect({ known: checkKeys(raw), cluster: read, pools, rest });
  if (!blocks.ok) return blocks;
  const stack: StackSpec = { cluster: blocks.value.cluster, pools: blocks.value.pools, ...blocks.value.rest };
  const between = [
    ...checkHosts(stack),
    ...checkPoolless(stack),
    ...checkSystemPools(stack.cluster, stack.pools),
    ...checkAddOns(stack.cluster, stack.addOns),
  ];
  const cluster = withSystemPools(stack.cluster, stack.pools);
  return judge([...checkBuilt(stack), ...between], { ...stack, cluster });
};

const problemsOf = (result: Result<unknown>): readonly Problem[] => (result.ok ? [] : result.problems);

const judge = <T>(problems: readonly Problem[], value: T): Result<T> =>
  problems.length > 0 ? refuse(problems) : accept(value);

const checkKeys = (raw: Readonly<Record<string, unknown>>): Result<true> => {
  const unknown = Object.keys(raw).filter(key => !STACK_KEYS.some(known => known === key));
  return judge(
    unknown.map(key => ({
      code: "Config.UnknownKey",
      path: key,
      message: unknownKey(key, STACK_KEYS),
      fix: "correct the key or remove it",
    })),
    true,
  );
};

const parseCluster = (raw: unknown, knownMinors: readonly string[]): Result<ClusterSpec> => {
  const parsed = parseBlock(clusterSchema, raw, "cluster");
  if (!parsed.ok) return parsed;
  return judge(checkKnown("cluster.version", parsed.value.version, knownMinors), parsed.value);
};

/** The blocks that may be absent. Where the cluster can't be read, the lab's defaults stand in: they are not used. */
const parseRest = (raw: Readonly<Record<string, unknown>>): Result<Omit<StackSpec, "cluster" | "pools">> => {
  const cloud = cloudIn(raw["cluster"]);
  const blocks = {
    backup: parseBlock(backupSchema(cloud), raw["backup"] ?? {}, "backup"),
    validation: parseBlock(validationSchema, raw["validation"] ?? {}, "validation"),
    soak: parseBlock(soakSchema(cloud), raw["soak"] ?? {}, "soak"),
    health: parseBlock(healthSchema(cloud), raw["health"] ?? {}, "health"),
    guards: parseBlock(guardsSchema, raw["guards"] ?? {}, "guards"),
    addOns: parseBlock(addOnsSchema, raw["addOns"] ?? {}, "addOns"),
    window: parseBlock(windowSchema, raw["window"] ?? {}, "window"),
  };
  return collect(blocks);
};

/** What a cloud offers is checked even when something else about the cluster is wrong. */
const cloudIn = (raw: unknown): ClusterSpec["cloud"] => {
  const found = typeof raw === "object" && raw !== null ? (raw as { cloud?: unknown }).cloud : undefined;
  return CLOUDS.find(cloud => cloud === found) ?? "lab";
};

type Values<B extends Record<string, Result<unknown>>> = {
  [K in keyof B]: B[K] extends Result<infer T> ? T : never;
};

/** All values, or the problems of all. */
const collect = <B extends Record<string, Result<unknown>>>(blocks: B): Result<Values<B>> => {
  const problems = Object.values(blocks).flatMap(problemsOf);
  if (problems.length > 0) return refuse(problems);
  const values = Object.entries(blocks).map(([key, block]) => [key, block.ok ? block.value : undefined]);
  return accept(Object.fromEntries(values) as Values<B>);
};
