import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withMetricsFile } from "../../../../cli/commands/drain/metricsFile";
import { plan } from "./results";

let folder = "";
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "metrics-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (file: string | undefined) => {
  const lines: string[] = [];
  const heard: string[] = [];
  const metered = withMetricsFile(file, {
    log: line => void lines.push(line),
    progress: () => undefined,
    onPlan: () => void heard.push("plan"),
    onTransition: ({ kind }) => void heard.push(kind),
  });
  return { metered, lines, heard };
};

it("is there from the start, holds what is known, and ends with the totals", () => {
  const file = join(folder, "drain.prom");
  const { metered, heard } = open(file);
  const read = (): readonly string[] =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter(line => line !== "" && !line.startsWith("#"));
  expect(read()).toEqual([]);
  metered.ports.onPlan(plan());
  expect(read()).toEqual(["drain_lower_bound_seconds 40"]);
  metered.ports.onTransition({ at: 0, kind: "node", node: "blue-1", to: "empty" });
  metered.ports.onClimb?.({ at: 0, workload: "shop/Deployment/web", rung: "force", why: "" });
  metered.ports.gauges?.([{ name: "drain_eta_seconds", labels: {}, value: 12 }]);
  const running = [
    "drain_nodes_emptied_total 1",
    'drain_forced_total{reason="force"} 1',
    "drain_eta_seconds 12",
    "drain_lower_bound_seconds 40",
  ];
  expect(read()).toEqual(running);
  metered.ports.onTransition({ at: 0, kind: "finished", outcome: "drained", moved: 1 });
  metered.close();
  expect(read()).toEqual([...running, 'drain_runs_total{outcome="drained"} 1']);
  expect(heard).toEqual(["plan", "node", "finished"]);
  expect(readdirSync(folder)).toEqual(["drain.prom"]);
});

it("is refused before anything is done where it cannot be written", () => {
  expect(() => open(join(folder, "missing", "drain.prom"))).toThrow(/--metrics-file: .*cannot be written/);
});

it("does not hold up the run when it cannot be written any more, and says so once", () => {
  const inside = join(folder, "inside");
  mkdirSync(inside);
  const { metered, lines } = open(join(inside, "drain.prom"));
  rmSync(inside, { recursive: true });
  metered.ports.gauges?.([]);
  metered.close();
  expect(lines).toEqual([expect.stringMatching(/cannot be written any more/)]);
});

it("is not made unless it is wanted", () => {
  const { metered } = open(undefined);
  metered.close();
  expect(metered.ports.gauges).toBeUndefined();
  expect(readdirSync(folder)).toEqual([]);
});
