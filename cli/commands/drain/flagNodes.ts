import type { NodeSelector } from "../../../core/drain/scope";
import { LABEL } from "../../../core/identity/names";
import type { Problem } from "../../../core/problem";
import { accept, refuse, type Result } from "../../../core/result";
import { flagProblem, readSelector } from "./flagValues";

/** What was written about nodes. */
export interface NodeFlags {
  readonly names: readonly string[];
  readonly selector?: string | undefined;
  readonly pool?: string | undefined;
  readonly generation?: string | undefined;
}

const NONE: Problem = {
  code: "Drain.NothingSelected",
  path: "NODE",
  message: "no nodes are named",
  fix: "name nodes, or select them with -l/--selector or --pool",
};

const several = (ways: readonly string[]): Problem =>
  flagProblem(
    ways[0] ?? "NODE",
    `found ${ways.join(" and ")}; one way to say which nodes is allowed`,
    "keep one of them",
  );

/** kubectl takes `node/NAME` as well. */
const bareName = (name: string): string => name.replace(/^nodes?\//, "");

const byNames = (names: readonly string[]): NodeSelector => ({ names: [...new Set(names.map(bareName))] });

const byPool = (pool: string, generation: string | undefined): NodeSelector => ({
  labels: {
    matchLabels: {
      [LABEL.pool]: pool,
      ...(generation === undefined ? {} : { [LABEL.generation]: generation }),
    },
  },
});

/** Nodes by a selector flag. */
export const chooseBySelector = (name: string, text: string): Result<NodeSelector> => {
  const parsed = readSelector({ name, text });
  return parsed.ok ? accept({ labels: parsed.value }) : parsed;
};

const waysOf = ({ names, selector, pool }: NodeFlags): readonly string[] => [
  ...(names.length > 0 ? ["node names"] : []),
  ...(selector ? ["--selector"] : []),
  ...(pool ? ["--pool"] : []),
];

const check = (flags: NodeFlags): readonly Problem[] => {
  const ways = waysOf(flags);
  const { generation, pool } = flags;
  return [
    ...(ways.length === 0 ? [NONE] : []),
    ...(ways.length > 1 ? [several(ways)] : []),
    ...(generation && !pool
      ? [flagProblem("--generation", `found "${generation}" without --pool`, "name its pool with --pool")]
      : []),
  ];
};

/** The one way in which the nodes are named, or every reason against it. */
export const readNodes = (flags: NodeFlags): Result<NodeSelector> => {
  const problems = check(flags);
  if (problems.length > 0) return refuse(problems);
  if (flags.pool) return accept(byPool(flags.pool, flags.generation));
  return flags.selector ? chooseBySelector("--selector", flags.selector) : accept(byNames(flags.names));
};
