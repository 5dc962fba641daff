import { asSwitch, FLAGS } from "../../../../cli/commands/drain/flagTable";
import { readFlags, type DrainWish } from "../../../../cli/commands/drain/flags";
import type { RawFlags } from "../../../../cli/commands/drain/rawFlags";
import type { Problem } from "../../../../core/problem";

interface Parsed {
  readonly names: readonly string[];
  readonly flags: RawFlags;
}

const keyOf = (flag: string): string =>
  flag.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** Every flag by each of its spellings. */
const ROWS = new Map(
  FLAGS.flatMap(row => {
    const [, short, long = ""] = /^(?:(-.), )?--([a-z-]+)/.exec(row.flags) ?? [];
    const entry = { key: keyOf(long), kind: row.kind, initial: row.initial };
    return [[`--${long}`, entry] as const, ...(short === undefined ? [] : [[short, entry] as const])];
  }),
);

const isOff = (name: string): boolean => name.startsWith("--no-") && ROWS.has(name.replace("--no-", "--"));

const valueOf = (kind: string, text: string, former: unknown = []): unknown =>
  kind === "list" ? [...(former as readonly string[]), ...text.split(",")] : text;

/** What the library makes of a line; it is an ES module, which jest loads only under a flag of node's. */
const parse = (line: string): Parsed => {
  const flags: Record<string, unknown> = {};
  for (const { key, initial } of ROWS.values()) if (initial !== undefined) flags[key] = initial;
  const names: string[] = [];
  const words = line.split(" ").filter(word => word !== "");
  const readOne = (word: string): void => {
    const [name = "", inline] = asSwitch(word).split(/=(.*)/s);
    const row = ROWS.get(isOff(name) ? name.replace("--no-", "--") : name);
    if (row === undefined) names.push(name);
    else if (row.kind === "switch") flags[row.key] = !isOff(name);
    else flags[row.key] = valueOf(row.kind, inline ?? words.shift() ?? "", flags[row.key]);
  };
  while (words.length > 0) readOne(words.shift() ?? "");
  return { names, flags: flags as unknown as RawFlags };
};

const wish = (line: string): DrainWish => {
  const { names, flags } = parse(line);
  const result = readFlags(names, flags);
  if (!result.ok)
    throw new Error(result.problems.map(({ path, message }) => `${path}: ${message}`).join("\n"));
  return result.value;
};

const problems = (line: string): readonly Problem[] => {
  const { names, flags } = parse(line);
  const result = readFlags(names, flags);
  return result.ok ? [] : result.problems;
};

const paths = (line: string): readonly string[] => problems(line).map(({ path }) => path);

describe("kubectl's flags with kubectl's meaning", () => {
  it("has kubectl's defaults, but for DaemonSets, which stay", () => {
    expect(wish("node-1")).toMatchObject({
      command: {
        way: "drain",
        dryRun: "none",
        rules: { force: false, deleteEmptyDirData: false, ignoreDaemonSets: true },
        deadlineSeconds: 24 * 24 * 3_600,
        timeoutSeconds: 600,
        onAlarm: "hold",
      },
      output: "text",
      chunkSize: 500,
    });
    expect(Object.keys(wish("node-1").command.rules)).toEqual([
      "force",
      "deleteEmptyDirData",
      "ignoreDaemonSets",
      "disregard",
      "abandon",
    ]);
  });

  it.each([
    ["--force n", { force: true }],
    ["--force=true n", { force: true }],
    ["--force=false n", { force: false }],
    ["--ignore-daemonsets n", { ignoreDaemonSets: true }],
    ["--ignore-daemonsets=false n", { ignoreDaemonSets: false }],
    ["--delete-emptydir-data n", { deleteEmptyDirData: true }],
    ["--grace-period=45 n", { gracePeriodSeconds: 45 }],
    ["--skip-wait-for-delete-timeout 60 n", { skipWaitForDeleteTimeoutSeconds: 60 }],
    ["--deregistration-wait 5m n", { deregistrationSeconds: 300 }],
    ["--delete-empty-nodes n", { deleteEmptyNodes: true }],
    [
      "--pod-selector app=web n",
      { podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["web"] }] } },
    ],
    [
      "--disregard LOCAL_PV,ORPHANED --disregard WAIT_COMPLETED n",
      { disregard: ["LOCAL_PV", "ORPHANED", "WAIT_COMPLETED"] },
    ],
    ["--abandon-claim shop/db-0 n", { abandon: ["shop/db-0"] }],
  ])("%s", (line, rules) => {
    expect(wish(line).command.rules).toMatchObject(rules);
    expect(wish(line).command.nodes).toEqual({ names: ["n"] });
  });

  it("reads a negative grace period as each pod's own", () => {
    expect(wish("--grace-period=-1 n").command.rules).not.toHaveProperty("gracePeriodSeconds");
  });

  it.each([
    ["--timeout=90s", 90],
    ["--timeout=1h30m", 5_400],
    ["--timeout=0", 24 * 24 * 3_600],
    ["--timeout=9999h", 24 * 24 * 3_600],
  ])("%s ends the run after %s s", (flag, seconds) => {
    expect(wish(`n ${flag}`).command.deadlineSeconds).toBe(seconds);
  });

  it("passes on how many objects a list asks for, and how a dry run goes", () => {
    expect(wish("n --chunk-size=0").chunkSize).toBe(0);
    expect(wish("n --dry-run=server").command.dryRun).toBe("server");
  });
});

const bearing = (key: string, value: string) => ({
  labels: { matchExpressions: [{ key, operator: "In", values: [value] }] },
});

describe("which nodes", () => {
  it("takes names as kubectl does, each once", () => {
    expect(wish("a node/b nodes/a").command.nodes).toEqual({ names: ["a", "b"] });
  });

  it("takes a selector, and another one for where the pods go", () => {
    expect(wish("-l pool=blue --to pool=green").command).toMatchObject({
      way: "drain",
      nodes: bearing("pool", "blue"),
      to: bearing("pool", "green"),
    });
  });

  it("takes a pool, with a generation if one is named", () => {
    expect(wish("--pool workers").command.nodes).toEqual({
      labels: { matchLabels: { "changeover.dev/pool": "workers" } },
    });
    expect(wish("--pool workers --generation g1").command.nodes).toEqual({
      labels: { matchLabels: { "changeover.dev/pool": "workers", "changeover.dev/generation": "g1" } },
    });
  });

  it("swaps the roles for the way back", () => {
    expect(wish("-l pool=blue --to pool=green --rollback").command).toMatchObject({
      way: "rollback",
      nodes: bearing("pool", "green"),
      to: bearing("pool", "blue"),
    });
  });

  it("keeps them for giving back", () => {
    expect(wish("-l pool=blue --abort").command).toMatchObject({
      way: "abort",
      nodes: bearing("pool", "blue"),
    });
  });
});

describe("bad input", () => {
  it("is told all at once", () => {
    const line =
      "a -l pool=~ --generation g --to x= --timeout 5 --grace-period soon --chunk-size=-1 --dry-run maybe --output xml --disable-eviction --stall-timeout 1x --skip-wait-for-delete-timeout=-2 --pod-selector ( --lease-wait never --rollback --abort";
    expect([...paths(line)].sort()).toEqual(
      [
        "--disable-eviction",
        "--rollback",
        "node names",
        "--generation",
        "--grace-period",
        "--skip-wait-for-delete-timeout",
        "--pod-selector",
        "--timeout",
        "--stall-timeout",
        "--lease-wait",
        "--chunk-size",
        "--dry-run",
        "--output",
      ].sort(),
    );
  });

  it.each([
    ["", ["NODE"]],
    ["-l a=b --pool c", ["--selector"]],
    ["-l a~b", ["--selector"]],
    ["n --to a~b", ["--to"]],
    ["n --grace-period=0", ["--grace-period"]],
    ["n --timeout=-5s", ["--timeout"]],
    ["n --rollback", ["--rollback"]],
    ["n --on-alarm=rollback", ["--on-alarm"]],
    ["n --on-alarm=panic", ["--on-alarm"]],
    ["n --disregard DO_NOT_DISRUPT,NO_SUCH", ["--disregard"]],
    ["n --disregard MIRROR", ["--disregard"]],
  ])("refuses `%s` because of %s", (line, expected) => {
    expect(paths(line)).toEqual(expected);
  });

  it("quotes what was found and says what to write instead", () => {
    expect(problems("n --timeout 5")).toEqual([
      {
        code: "Drain.FlagInvalid",
        path: "--timeout",
        message: 'found "5"; allowed is a duration with its units',
        fix: "write it like --timeout=1h30m",
      },
    ]);
  });

  it("says why eviction cannot be disabled", () => {
    expect(problems("n --disable-eviction")[0]?.message).toMatch(/without asking their disruption budgets/);
    expect(problems("n --disable-eviction=false")).toEqual([]);
  });
});

describe("--allow", () => {
  it("selects workloads for a rung: a namespace, or one workload of it", () => {
    const { command } = wish("-l pool=blue --allow surge=shop --allow force=jobs/Job/big");
    expect(command.ladder).toMatchObject({
      surge: [{ namespace: "shop" }],
      force: { selectors: [{ namespace: "jobs", kind: "Job", name: "big" }], afterSeconds: 600 },
    });
  });

  it("#23 names an unknown rung, and a kind that a rung cannot help", () => {
    const found = problems("-l pool=blue --allow kill=shop --allow surge-first=shop/StatefulSet/db");
    expect(found.map(({ message }) => message)).toEqual([
      expect.stringContaining('found "kill=shop"; allowed is surge|rollout-restart|'),
      expect.stringContaining("works for Deployments only"),
    ]);
  });
});
