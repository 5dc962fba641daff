import { randomUUID } from "node:crypto";
import type { KubeClient } from "../../../../kube";
import {
  type CommandResult,
  type DrainCommand,
  runDrainCommand,
} from "../../../../operations/drain/commandDrain";
import {
  type DrainOutcome,
  drainNodes,
  type DrainPorts,
  type DrainRequest,
} from "../../../../operations/drain/drainNodes";
import type { Arena } from "../arena";
import { apart } from "./benchTap";

/** What a case may put in the place of the real thing. */
export interface DrainTools extends Partial<Omit<DrainPorts, "kube">> {
  readonly kube?: KubeClient;
  readonly signal?: AbortSignal;
}

const portsOf = (arena: Arena, { kube, ...tools }: DrainTools): DrainPorts => ({
  now: Date.now,
  log: () => undefined,
  ...tools,
  kube: apart(kube ?? arena.kube, `${arena.name}-system`),
});

const runOf = (arena: Arena): string => `${arena.name}-${randomUUID()}`;

/** Shorter than what users wait for: a test's cluster answers within a second, on a crowded machine within four. */
const TUNING = { quietMs: 1_500, blockedAfterMs: 4_000, lingerMs: 1_000 };

/** Drains the arena's blue nodes, cordoned, with short pauses. Other arenas of the lab are no reason to wait. */
export const drain = (
  arena: Arena,
  { tuning, ...wish }: Partial<DrainRequest> = {},
  tools: DrainTools = {},
): Promise<DrainOutcome> =>
  drainNodes(
    portsOf(arena, tools),
    {
      ...{ run: runOf(arena), nodes: arena.blue, cordon: true, deadlineSeconds: 90, sentries: "none" },
      ...wish,
      tuning: { ...TUNING, ...tuning },
    },
    tools.signal ?? new AbortController().signal,
  );

/** The whole of `changeover drain`, as with kubectl's defaults. */
export const command = (
  arena: Arena,
  wish: Partial<DrainCommand> = {},
  tools: DrainTools = {},
): Promise<CommandResult> =>
  runDrainCommand(
    portsOf(arena, tools),
    {
      ...{ run: runOf(arena), way: "drain", nodes: { names: arena.blue }, dryRun: "none", ladder: {} },
      ...{ rules: { force: false, deleteEmptyDirData: false }, onAlarm: "hold" },
      ...{ deadlineSeconds: 90, timeoutSeconds: 60, leaseWaitMs: 5_000 },
      ...wish,
    },
    tools.signal ?? new AbortController().signal,
  );

/** The codes for which it ended blocked, each with the names of its pods. */
export const blockedBy = (outcome: DrainOutcome): Readonly<Record<string, readonly string[]>> =>
  outcome.kind === "blocked"
    ? Object.fromEntries(
        outcome.blocked.map(({ code, pods }) => [code, pods.map(pod => pod.split("/")[1] ?? "")]),
      )
    : {};
