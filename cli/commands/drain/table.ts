import type { DrainProgress, NodeProgress, WaitingBudget } from "../../../core/drain/describe";
import { describeNames } from "../../../core/drain/names";

/** What one frame of the live table is made of. */
export interface TableView {
  readonly title: string;
  readonly progress: DrainProgress;
  /** T*: no drainer that keeps the budgets is faster. */
  readonly lowerBoundSeconds?: number;
}

export interface TableSize {
  readonly columns: number;
  readonly rows: number;
}

const BAR = 24;
/** Title, bar, two headings, two "and more" lines and two lines of what holds it. */
const FIXED_ROWS = 8;

export const describeSeconds = (seconds: number): string => {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3_600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3_600)} h ${Math.floor((whole % 3_600) / 60)} min`;
};

const bar = (done: number, all: number): string => {
  const filled = all === 0 ? BAR : Math.floor((done / all) * BAR);
  return `[${"#".repeat(filled)}${".".repeat(BAR - filled)}]`;
};

type Row = readonly string[];

const alignRows = (rows: readonly Row[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
};

const capped = (rows: readonly Row[], most: number): { rows: readonly Row[]; more: readonly string[] } => {
  const rest = rows.length - most;
  return rest > 0 ? { rows: rows.slice(0, most), more: [`... and ${rest} more`] } : { rows, more: [] };
};

const section = (heading: Row, rows: readonly Row[], most: number): readonly string[] => {
  if (rows.length === 0) return [];
  const shown = capped(rows, most);
  return [...alignRows([heading, ...shown.rows]), ...shown.more];
};

const budgetRow = ({ budget, pods, allowed, needs, has, seconds }: WaitingBudget): Row => [
  budget,
  ...[pods, allowed, needs, has].map(String),
  describeSeconds(seconds),
];

/** Nodes with the most left come first: they are what the run still waits for. */
const byRemaining = (a: NodeProgress, b: NodeProgress): number =>
  b.remaining - a.remaining || (a.node < b.node ? -1 : 1);

const nodeRow = ({ node, moved, remaining, ready }: NodeProgress): Row => [
  node,
  String(moved),
  String(remaining),
  ready ? "yes" : "no",
];

const times = ({ progress, lowerBoundSeconds }: TableView): string =>
  [
    describeSeconds(progress.seconds),
    progress.etaSeconds === undefined || progress.remaining === 0
      ? ""
      : `ETA ${describeSeconds(progress.etaSeconds)}`,
    lowerBoundSeconds === undefined ? "" : `T* ${describeSeconds(lowerBoundSeconds)}`,
  ]
    .filter(part => part !== "")
    .join(", ");

const counts = ({ moved, remaining, terminating, queued, awaited, blocked, nodes }: DrainProgress): string =>
  [
    `${bar(moved, moved + remaining)} ${moved}/${moved + remaining} pods moved`,
    `${nodes.empty}/${nodes.total} nodes empty`,
    `${terminating} terminating`,
    `${queued} queued`,
    ...(awaited > 0 ? [`${awaited} waited for`] : []),
    ...(blocked > 0 ? [`${blocked} may not be moved`] : []),
  ].join(", ");

const holds = ({ held, notAvailable }: DrainProgress): readonly string[] => [
  ...(held.length > 0 ? [`held: ${describeNames(held)}`] : []),
  ...(notAvailable.length > 0 ? [`not yet available again: ${describeNames(notAvailable)}`] : []),
];

const cut = (line: string, columns: number): string =>
  line.length <= columns ? line : `${line.slice(0, Math.max(0, columns - 1))}…`;

/** One frame: what moved, what is left where, which budget is waited for since when. Never taller than the screen. */
export const describeTable = (view: TableView, { columns, rows }: TableSize): readonly string[] => {
  const { byNode = [], waiting } = view.progress;
  const room = Math.max(2, rows - FIXED_ROWS);
  const forBudgets = Math.min(waiting.length, Math.max(1, Math.floor(room / 2)));
  const nodes = [...byNode].sort(byRemaining).map(nodeRow);
  return [
    `${view.title} (${times(view)})`,
    counts(view.progress),
    ...section(["NODE", "MOVED", "LEFT", "READY"], nodes, Math.max(1, room - forBudgets)),
    ...section(["WAITING ON", "PODS", "ALLOWED", "NEEDS", "HAS", "FOR"], waiting.map(budgetRow), forBudgets),
    ...holds(view.progress),
  ].map(line => cut(line, columns));
};

/** The text that puts a frame over the former one, which had this many lines. */
export const paint = (lines: readonly string[], former: number): string =>
  `${former > 0 ? `\u001b[${former}F` : ""}\u001b[J${lines.map(line => `${line}\n`).join("")}`;
