import { describeSeconds, describeTable, paint, type TableView } from "../../../../cli/commands/drain/table";
import { startScreen } from "../../../../cli/commands/drain/screen";

const WIDE = { columns: 120, rows: 40 };

const view = (more: Partial<TableView["progress"]> = {}, rest: Partial<TableView> = {}): TableView => ({
  title: "draining 2 nodes",
  progress: {
    moved: 12,
    remaining: 12,
    nodes: { empty: 0, total: 2 },
    seconds: 42,
    terminating: 3,
    queued: 9,
    blocked: 0,
    awaited: 0,
    waiting: [],
    notAvailable: [],
    held: [],
    etaSeconds: 70,
    ...more,
  },
  lowerBoundSeconds: 95,
  ...rest,
});

const budget = (name: string, seconds = 5) => ({
  budget: name,
  allowed: 0,
  needs: 3,
  has: 3,
  seconds,
  pods: 4,
});

const node = (name: string, remaining: number) => ({ node: name, moved: 6, remaining, ready: true });

it("shows what moved, what is left where, and which budget is waited for since when", () => {
  const lines = describeTable(
    view({
      byNode: [node("blue-1", 2), { node: "blue-2", moved: 0, remaining: 10, ready: false }],
      waiting: [budget("PDB shop/web", 75), budget("PDB shop/checkout")],
      notAvailable: ["Deployment shop/web 2/3"],
      held: ["pending is closed: 2 pods wait for room"],
    }),
    WIDE,
  );
  expect(lines).toEqual([
    "draining 2 nodes (42 s, ETA 1 min 10 s, T* 1 min 35 s)",
    "[############............] 12/24 pods moved, 0/2 nodes empty, 3 terminating, 9 queued",
    "NODE    MOVED  LEFT  READY",
    "blue-2  0      10    no",
    "blue-1  6      2     yes",
    "WAITING ON         PODS  ALLOWED  NEEDS  HAS  FOR",
    "PDB shop/web       4     0        3      3    1 min 15 s",
    "PDB shop/checkout  4     0        3      3    5 s",
    "held: pending is closed: 2 pods wait for room",
    "not yet available again: Deployment shop/web 2/3",
  ]);
});

it("leaves out what is not there", () => {
  const { etaSeconds: _, ...withoutEta } = view().progress;
  const { lowerBoundSeconds: __, ...bare } = view();
  expect(describeTable({ ...bare, progress: { ...withoutEta, awaited: 2, blocked: 1 } }, WIDE)).toEqual([
    "draining 2 nodes (42 s)",
    "[############............] 12/24 pods moved, 0/2 nodes empty, 3 terminating, 9 queued, 2 waited for, 1 may not be moved",
  ]);
});

it("promises no end once everything has moved", () => {
  const [title, bar] = describeTable(view({ moved: 24, remaining: 0 }), WIDE);
  expect(title).not.toContain("ETA");
  expect(bar).toMatch(/^\[#{24}\] 24\/24/);
});

it("is never taller or wider than the screen, and says what it leaves out", () => {
  const size = { columns: 40, rows: 20 };
  const many = view({
    byNode: Array.from({ length: 30 }, (_, index) => node(`blue-${index}`, index)),
    waiting: Array.from({ length: 30 }, (_, index) =>
      budget(`PDB shop/a-very-long-name-of-a-budget-${index}`),
    ),
    held: ["a"],
    notAvailable: ["b"],
  });
  const lines = describeTable(many, size);
  expect(lines.length).toBeLessThanOrEqual(size.rows);
  expect(Math.max(...lines.map(({ length }) => length))).toBe(size.columns);
  expect(lines.filter(line => line.startsWith("... and"))).toEqual(["... and 24 more", "... and 24 more"]);
  expect(lines.find(line => line.startsWith("blue"))).toMatch(/^blue-29 /);
});

it("has a whole bar for a drain of nothing", () => {
  expect(describeTable(view({ moved: 0, remaining: 0 }), WIDE)[1]).toMatch(/^\[#{24}\] 0\/0/);
});

it.each([
  [0, "0 s"],
  [59.4, "59 s"],
  [60, "1 min 0 s"],
  [3_599, "59 min 59 s"],
  [3_660, "1 h 1 min"],
])("%s s reads as %s", (seconds, text) => {
  expect(describeSeconds(seconds)).toBe(text);
});

const ESC = "\u001b";

it("paints over as many lines as were there before", () => {
  expect(paint(["a", "b"], 0)).toBe(`${ESC}[Ja\nb\n`);
  expect(paint(["c"], 2)).toBe(`${ESC}[2F${ESC}[Jc\n`);
});

it("lets lines scroll by above the table", () => {
  const written: string[] = [];
  const screen = startScreen(text => written.push(text));
  screen.say("plan");
  screen.show(["one", "two"]);
  screen.say("a word");
  screen.show(["three"]);
  screen.clear();
  expect(written).toEqual([
    `${ESC}[Jplan\n`,
    `${ESC}[Jone\ntwo\n`,
    `${ESC}[2F${ESC}[Ja word\n`,
    `${ESC}[Jone\ntwo\n`,
    `${ESC}[2F${ESC}[Jthree\n`,
    `${ESC}[1F${ESC}[J`,
  ]);
});
