import { startOutput, type Io } from "../../../../cli/commands/drain/output";
import { describeProgress, type DrainProgress } from "../../../../core/drain/describe";
import { drained, ended, plan } from "./results";

const PROGRESS: DrainProgress = {
  moved: 3,
  remaining: 5,
  nodes: { empty: 0, total: 2 },
  seconds: 8,
  terminating: 1,
  queued: 4,
  blocked: 0,
  awaited: 0,
  waiting: [],
  notAvailable: [],
  held: [],
  etaSeconds: 20,
};

const open = (size?: { columns: number; rows: number }) => {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: text => void out.push(text),
    err: text => void err.push(text),
    now: () => 0,
    ...(size === undefined ? {} : { size: () => size }),
  };
  return { io, out: () => out.join(""), err: () => err.join("") };
};

const perform = (form: "text" | "json" | "events", io: Io): void => {
  const { ports, finish } = startOutput(form, io);
  ports.onPlan(plan());
  ports.onTransition({ at: 0, kind: "node", node: "blue-1", to: "empty" });
  ports.progress(PROGRESS);
  ports.log(describeProgress(PROGRESS));
  ports.log("a word");
  finish(ended(drained), ["n"]);
};

it("prints lines where nobody looks at a screen: results apart from what happens meanwhile", () => {
  const { io, out, err } = open();
  perform("text", io);
  expect(out()).toBe("node/blue-1 drained\nnode/blue-2 drained\n8 pods moved in 51 s\n");
  expect(err()).toMatch(/^2 nodes to empty: .*\n/);
  expect(err().endsWith(`${describeProgress(PROGRESS)}\na word\n`)).toBe(true);
});

it("keeps a table at the lower end of a screen, without the line that says the same", () => {
  const { io, out, err } = open({ columns: 100, rows: 30 });
  perform("text", io);
  expect(err()).toContain(
    "draining 2 nodes (8 s, ETA 20 s, T* 40 s)\n[#########...............] 3/8 pods moved",
  );
  expect(err()).not.toContain(describeProgress(PROGRESS));
  expect(err()).toContain("a word\n");
  expect(out()).toMatch(/^node\/blue-1 drained\n/);
});

it("prints one JSON object at the end, and nothing else where it would be read", () => {
  const { io, out, err } = open();
  perform("json", io);
  expect(JSON.parse(out())).toMatchObject({
    kind: "ended",
    exitCode: 0,
    plan: { nodes: ["blue-1", "blue-2"] },
  });
  expect(err()).toContain("a word\n");
});

it("prints one JSON object a line while it happens", () => {
  const { io, out, err } = open();
  perform("events", io);
  const events = out()
    .trimEnd()
    .split("\n")
    .map(line => JSON.parse(line) as { event: string; time: string });
  expect(events.map(({ event }) => event)).toEqual([
    "plan",
    "transition",
    "progress",
    "log",
    "log",
    "result",
  ]);
  expect(events[1]).toMatchObject({ kind: "node", node: "blue-1", to: "empty" });
  expect(events[2]).toMatchObject({ time: "1970-01-01T00:00:00.000Z", moved: 3, remaining: 5 });
  expect(events[5]).toMatchObject({ kind: "ended", exitCode: 0 });
  expect(err()).toBe("");
});
