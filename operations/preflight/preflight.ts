import { CATALOG } from "../../data";
import type { Problem } from "../../core/problem";
import { evaluateUpgrade, type ObservedCluster } from "../../core/upgrade/rules";
import { stateOf } from "../../core/upgrade/situation";
import type { ControlPlaneState } from "../../core/upgrade/controlPlaneChange";
import { EMPTY_LEDGER } from "../../core/upgrade/ledger";
import type { KubeClient } from "../../kube";
import { observeCluster } from "../observe/cluster";
import type { CloudLive } from "../ports";
import { askCloud, type WantedStack } from "./askCloud";
import { findBlockedBudgets } from "./blockedBudgets";
import { isOutage } from "./outage";
import { checkOwner } from "./owner";

export interface PreflightPorts {
  readonly reach: () => Promise<KubeClient | "absent">;
  readonly now: () => number;
  readonly live: Pick<CloudLive, "readiness">;
}

export interface PreflightReport {
  readonly checked: "live" | "noClusterYet" | "unreachable";
  /** Why the live cluster was not checked; empty when it was. */
  readonly reason: string;
  /** Where the live control plane stands. Absent = there is none yet, or it can't be told. */
  readonly controlPlane?: ControlPlaneState;
  readonly blockers: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Reads, never writes: the complete rule set against the live cluster, and what would hold up the migration. */
export const runPreflight = async (
  ports: PreflightPorts,
  wanted: WantedStack & { readonly stack: string },
  signal: AbortSignal,
): Promise<PreflightReport> => {
  const seen = await look(ports, signal);
  if ("reason" in seen) return { checked: "unreachable", reason: seen.reason, blockers: [], warnings: [] };
  const now = new Date(ports.now()).toISOString();
  const rules = evaluateUpgrade(seen.observed, wanted.desired, { catalog: CATALOG, now });
  const controlPlane = stateOf(seen.observed, wanted.desired, { now });
  const cloud = await askCloud(ports, { ...wanted, observed: seen.observed }, signal);
  return {
    checked: seen.checked,
    reason: "",
    ...(controlPlane === undefined ? {} : { controlPlane }),
    blockers: [...checkOwner(seen.observed.ledger, wanted.stack), ...rules.blockers, ...cloud.blockers],
    warnings: [...rules.warnings, ...seen.findings, ...cloud.warnings],
  };
};

type Seen =
  | {
      readonly checked: "live" | "noClusterYet";
      readonly observed: ObservedCluster;
      readonly findings: readonly Problem[];
    }
  | { readonly reason: string };

const look = async (ports: PreflightPorts, signal: AbortSignal): Promise<Seen> => {
  try {
    const kube = await ports.reach();
    if (kube === "absent") {
      return { checked: "noClusterYet", observed: { nodes: [], ledger: EMPTY_LEDGER }, findings: [] };
    }
    const [observed, findings] = await Promise.all([
      observeCluster(kube, signal),
      findBlockedBudgets(kube, signal),
    ]);
    return { checked: "live", observed, findings };
  } catch (error) {
    if (isOutage(error)) return { reason: error.message };
    throw error;
  }
};
