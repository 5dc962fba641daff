import { describeResult, resultAsData, shellWords } from "../../../../cli/commands/drain/describeResult";
import { EXIT_CODES, exitCodeOf } from "../../../../cli/commands/drain/exitCode";
import type { CommandResult } from "../../../../operations/drain/commandDrain";
import type { Trial } from "../../../../operations/drain/trialEvictions";
import { blocked, drained, ended, plan, problem, unfinished } from "./results";

const ARGS = ["-l", "pool=blue", "--to", "pool in (green)"];

const trial = (verdict: Trial["verdict"], message = ""): Trial => ({
  pod: "shop/web-1",
  owner: "ReplicaSet web",
  verdict,
  message,
});

const planned = (...trials: readonly Trial[]): CommandResult => ({ kind: "planned", plan: plan(), trials });
const refusedBy = (reached: boolean): CommandResult => ({ kind: "refused", reached, problems: [problem] });
const givenBack = (changed: readonly string[], dryRun = false): CommandResult => ({
  kind: "givenBack",
  dryRun,
  nodes: { changed, same: [], gone: [] },
  surges: [],
});

describe("exit codes", () => {
  it.each<[string, CommandResult, number]>([
    ["drained", ended(drained), 0],
    ["given back", givenBack(["blue-1"]), 0],
    ["a plan without refusals", planned(trial("now"), trial("waits", "busy"), trial("unclear", "busy")), 0],
    ["no connection", refusedBy(false), 1],
    ["missing rights", refusedBy(true), 2],
    ["a plan that is refused", { kind: "refused", reached: true, problems: [], plan: plan() }, 2],
    ["a trial that the server refused", planned(trial("now"), trial("refused", "webhook")), 2],
    ["a lease in other hands", { kind: "held", reason: "held by ci" }, 3],
    ["a lease that was lost", ended(unfinished("lostLease")), 3],
    ["blocked", ended(blocked), 4],
    ["out of time", ended(unfinished("paused")), 4],
    ["stopped while it ran", ended(unfinished("stopped")), 4],
    ["stopped before it began", { kind: "stopped", reason: "r" }, 4],
    ["an alarm without a way back", ended(unfinished("rollback")), 4],
    ["rolled back", ended(drained, "rollback"), 5],
    ["a rollback that is blocked", ended(blocked, "rollback"), 4],
  ])("%s", (_, result, code) => {
    expect(exitCodeOf(result)).toBe(code);
    expect(EXIT_CODES).toMatch(new RegExp(`^  ${code}  `, "m"));
  });
});

describe("the last words", () => {
  it("name the nodes that were given up, whatever the end", () => {
    const nodes = { empty: 2, total: 2, givenUp: ["blue-2"] };
    const [first, second] = describeResult(ended({ ...drained, nodes }), ARGS);
    const line = "node/blue-2 drained and given up: its Node object is deleted";
    expect([first, second]).toEqual(["node/blue-1 drained", line]);
    expect(describeResult(ended({ ...blocked, nodes }), ARGS)[0]).toBe(line);
  });

  it("tell of each node that is drained, as kubectl does", () => {
    expect(describeResult(ended(drained), ARGS)).toEqual([
      "node/blue-1 drained",
      "node/blue-2 drained",
      "8 pods moved in 51 s",
    ]);
  });

  it("give the command to go on, ready for a shell, and the one to give up", () => {
    expect(describeResult(ended(unfinished("paused")), ARGS)).toEqual([
      "paused: 3 pods left, 1 of 2 nodes empty; the nodes stay cordoned",
      "to go on:            npx changeover drain -l pool=blue --to 'pool in (green)'",
      "to give nodes back:  npx changeover drain -l pool=blue --to 'pool in (green)' --abort",
    ]);
  });

  it("do not offer to give up a rollback", () => {
    const lines = describeResult(ended(blocked, "rollback"), [...ARGS, "--rollback"]);
    expect(lines.at(-1)).toBe(
      "to go on:            npx changeover drain -l pool=blue --to 'pool in (green)' --rollback",
    );
  });

  it("say that nothing was changed, and every reason", () => {
    expect(describeResult(refusedBy(true), ARGS)).toEqual([
      "refused: nothing was changed",
      "  - Drain.Forbidden at nodes: ada may not patch nodes\n    fix: ask",
    ]);
    const fatal = plan({
      findings: [{ severity: "fatal", code: "NO_NODE_LEFT", message: "none", fix: "add", subjects: [] }],
    });
    const lines = describeResult({ kind: "refused", reached: true, problems: [], plan: fatal }, ARGS);
    expect(lines[0]).toBe("refused: nothing was changed");
    expect(lines).toContain("fatal NO_NODE_LEFT: none");
  });

  it("show the plan of a dry run and what the server said to each trial", () => {
    const lines = describeResult(planned(trial("now"), trial("refused", "the webhook says no")), ARGS);
    expect(lines[0]).toMatch(/^2 nodes to empty/);
    expect(lines.slice(-3)).toEqual([
      "  shop/web-1 (ReplicaSet web): would go now",
      "  shop/web-1 (ReplicaSet web): REFUSED: the webhook says no",
      "dry run: nothing was changed",
    ]);
    expect(describeResult(planned(), ARGS)).not.toContain(
      "one eviction of each workload, tried on the server:",
    );
  });

  it("name who holds the lease", () => {
    expect(describeResult({ kind: "held", reason: "the cluster's lease is held by ci" }, ARGS)[0]).toBe(
      "held by another: the cluster's lease is held by ci",
    );
  });

  it.each<[string, CommandResult, string]>([
    ["given back", givenBack(["blue-1"]), "node/blue-1 given back"],
    ["in a dry run", givenBack(["blue-1"], true), "node/blue-1 would be given back"],
    ["already", givenBack([]), "nothing to give back: no such node bears a mark of a drain"],
  ])("of nodes %s", (_, result, line) => {
    expect(describeResult(result, ARGS)).toEqual([line]);
  });
});

it("tell of surges that were taken back as well", () => {
  const result: CommandResult = {
    kind: "givenBack",
    dryRun: false,
    nodes: { changed: ["blue-1"], same: [], gone: [] },
    surges: ["Deployment shop/web back to 3"],
  };
  expect(describeResult(result, ARGS)).toEqual(["node/blue-1 given back", "Deployment shop/web back to 3"]);
});

it("gives programs the same facts, with the exit code and the command to go on", () => {
  expect(resultAsData(ended(blocked), ARGS)).toMatchObject({
    kind: "ended",
    exitCode: 4,
    outcome: { kind: "blocked", blocked: [{ code: "BLOCKED_BY_SPEC" }] },
    again: "npx changeover drain -l pool=blue --to 'pool in (green)'",
  });
  expect(resultAsData(ended(drained), ARGS)).not.toHaveProperty("again");
});

it.each([
  [["a", "--b=c,d", "e/f:g"], "a --b=c,d e/f:g"],
  [["it's", "", "a b", "$x", "!gpu"], "'it'\\''s' '' 'a b' '$x' '!gpu'"],
])("quotes %j for a shell", (words, text) => {
  expect(shellWords(words)).toBe(text);
});
