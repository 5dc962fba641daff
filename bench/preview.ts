import { connectionOf } from "../core/config/connection";
import { parseStack } from "../core/config";
import { desiredOf } from "../core/upgrade/desired";
import { labFacts } from "../components/clouds/lab/facts";
import { openKube } from "../kube";
import { labKubeconfig } from "../lab";
import { openShop } from "../lab/demo/shop/openShop";
import { writeConfig } from "../lab/demo/pulumiWorkspace";
import type { Workspace } from "../lab/demo/pulumiWorkspace";
import { runPreflight } from "../operations/preflight/preflight";
import { readMemory } from "./memory";
import { localConfig, openTinyProgram, openLocalStack, timePulumi } from "./programs";
import { type Bench, type Measurement, ratioRow, type Row } from "./row";
import { rotated } from "./statistics";

const LIVE = "bench-live";
const ABSENT = "bench-absent";
const FROM = "1.35";
const TO = "1.36";
const RATIO = 1.5;
const PREFLIGHT_SECONDS = 3;

interface Contestant {
  readonly what: string;
  readonly preview: () => Promise<number>;
  readonly values: number[];
}

const contestant = (what: string, preview: () => Promise<number>): Contestant => ({
  what,
  preview,
  values: [],
});

/** One round that does not count fills the caches of everybody. */
const race = async (bench: Bench, contestants: readonly Contestant[]): Promise<readonly Row[]> => {
  for (let round = -1; round < bench.rounds; round += 1) {
    for (const { what, preview, values } of rotated(contestants, round + 1)) {
      const seconds = await preview();
      bench.say(`${round < 0 ? "warm-up" : `round ${round + 1}`}: ${what} ${seconds.toFixed(2)} s`);
      if (round >= 0) values.push(seconds);
    }
  }
  return contestants.map(({ what, values }) => ({ what, unit: "s", values }));
};

const previewsOf = (
  bench: Bench,
  stacks: Readonly<Record<"empty" | "checked" | "dynamic" | "absent" | "live", Workspace>>,
) => {
  const preview = (workspace: Workspace) => timePulumi(bench, workspace, ["preview"]);
  const previewAt = async (version: string) => {
    await writeConfig(stacks.live, localConfig(LIVE, version));
    return preview(stacks.live);
  };
  return [
    contestant("preview of an empty TypeScript program", () => preview(stacks.empty)),
    contestant("preview of the same, types checked as `pulumi new` sets it up", () =>
      preview(stacks.checked),
    ),
    contestant("preview of a program with one dynamic resource", () => preview(stacks.dynamic)),
    contestant("preview of the local stack, no cluster yet", () => preview(stacks.absent)),
    contestant("preview of the local stack, live lab, no change", () => previewAt(FROM)),
    contestant("preview of the local stack, live lab, upgrade", () => previewAt(TO)),
  ];
};

const onLive = async <T>(use: (kube: Awaited<ReturnType<typeof openKube>>) => Promise<T>): Promise<T> => {
  const kube = await openKube({ kubeconfig: labKubeconfig(LIVE) ?? "" });
  try {
    return await use(kube);
  } finally {
    await kube.close();
  }
};

const wanted = () => {
  const raw = Object.entries(localConfig(LIVE, TO)).map(([key, value]) => [
    key.replace("changeover:", ""),
    value,
  ]);
  const parsed = parseStack(Object.fromEntries(raw) as Record<string, unknown>);
  if (!parsed.ok) throw new Error("the local stack's config is refused");
  return {
    connection: connectionOf(parsed.value.cluster),
    desired: desiredOf(parsed.value, labFacts),
    seconds: { least: 0, most: 0 },
    stack: "organization/changeover/live",
  };
};

/** What UpgradeGate asks of the live cluster: connection, complete rule set, budgets that would hold up. */
const timePreflight = async ({ signal }: Bench): Promise<number> => {
  const startedAt = performance.now();
  const report = await onLive(kube =>
    runPreflight({ reach: () => Promise.resolve(kube), now: Date.now, live: {} }, wanted(), signal),
  );
  if (report.checked !== "live") throw new Error(`the lab was not checked: ${report.reason}`);
  return (performance.now() - startedAt) / 1000;
};

const measurePreflight = async (bench: Bench): Promise<Row> => {
  const values: number[] = [];
  for (let round = 0; round < bench.rounds; round += 1) values.push(await timePreflight(bench));
  return { what: "live preflight", unit: "s", values, atMost: PREFLIGHT_SECONDS };
};

/** Preview against an empty program's; with it what needs the same lab with the shop on it: preflight and memory. */
export const measurePreview: Measurement = async bench => {
  const stacks = {
    empty: await openTinyProgram(bench, "empty"),
    checked: await openTinyProgram(bench, "checked"),
    dynamic: await openTinyProgram(bench, "dynamic"),
    absent: await openLocalStack(bench, "absent", localConfig(ABSENT, FROM)),
    live: await openLocalStack(bench, "live", localConfig(LIVE, FROM)),
  };
  bench.say("pulumi up of the live stack");
  await timePulumi(bench, stacks.live, ["up", "--skip-preview"]);
  await onLive(kube => openShop(kube, { signal: bench.signal, progress: () => undefined }));
  const preflight = await measurePreflight(bench);
  const memory = await readMemory(LIVE);
  const raced = await race(bench, previewsOf(bench, stacks));
  const [empty, checked, dynamic, absent, same, upgrade] = raced as [Row, Row, Row, Row, Row, Row];
  return [
    empty,
    checked,
    dynamic,
    ratioRow("program with one dynamic resource / empty program", [dynamic, empty]),
    absent,
    ratioRow("local stack, no cluster yet / empty program", [absent, empty], RATIO),
    ratioRow("local stack, no cluster yet / program with one dynamic resource", [absent, dynamic]),
    same,
    ratioRow("local stack, live lab, no change / empty program", [same, empty]),
    upgrade,
    ratioRow("local stack, live lab, upgrade / empty program", [upgrade, empty]),
    preflight,
    memory,
  ];
};
