import type { LadderRules } from "../../core/drain/ladder/rules";
import type { DrainPlan } from "../../core/drain/plan/plan";
import type { NodeSelector } from "../../core/drain/scope";
import type { DrainRules } from "../../core/drain/state";
import type { Problem } from "../../core/problem";
import type { DrainOutcome, drainNodes, DrainPorts } from "./drainNodes";
import type { FenceReport } from "./fence";
import type { readPlan } from "./plan";
import type { Trial } from "./trialEvictions";

/** One `changeover drain`, all flags understood. */
export interface DrainCommand {
  readonly run: string;
  readonly way: "drain" | "rollback" | "abort";
  /** Nodes to empty, or with `abort` to give back. */
  readonly nodes: NodeSelector;
  /** Nodes that are to take the pods; absent = any other. With `rollback` they are given back first. */
  readonly to?: NodeSelector;
  readonly dryRun: "none" | "client" | "server";
  readonly rules: DrainRules;
  /** What may be done about blocked workloads, beside what their owners allow by annotation. */
  readonly ladder: LadderRules;
  /** When what the engine watches (room, readiness, other nodes, the API server) stays in alarm: wait, or go back. */
  readonly onAlarm: "hold" | "rollback";
  readonly deadlineSeconds: number;
  /** Longest time without progress. */
  readonly timeoutSeconds: number;
  /** How long to wait while another run holds the cluster's lease. */
  readonly leaseWaitMs: number;
}

export interface CommandPorts extends DrainPorts {
  /** Told before anything moves. */
  readonly onPlan?: (plan: DrainPlan) => void;
  readonly steps?: CommandSteps;
}

/** The two parts that look at the whole cluster. */
export interface CommandSteps {
  readonly readPlan: typeof readPlan;
  readonly drainNodes: typeof drainNodes;
}

export type CommandResult =
  /** Nothing was changed. `reached`: the server was; else nobody knows what it would have said. */
  | {
      readonly kind: "refused";
      readonly reached: boolean;
      readonly problems: readonly Problem[];
      readonly plan?: DrainPlan;
    }
  | { readonly kind: "planned"; readonly plan: DrainPlan; readonly trials: readonly Trial[] }
  | { readonly kind: "held"; readonly reason: string }
  | { readonly kind: "stopped"; readonly reason: string }
  | {
      readonly kind: "givenBack";
      readonly dryRun: boolean;
      readonly nodes: FenceReport;
      /** A line for each workload whose surge was taken back. */
      readonly surges: readonly string[];
    }
  | {
      readonly kind: "ended";
      readonly way: "drain" | "rollback";
      readonly outcome: DrainOutcome;
      readonly plan: DrainPlan;
    };
