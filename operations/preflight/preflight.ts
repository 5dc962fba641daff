import { CATALOG } from "../../data";
import { asWritten } from "../../core/config/asWritten";
import type { Problem } from "../../core/problem";
import { evaluateUpgrade, type ObservedCluster } from "../../core/upgrade/rules";
import { stateOf } from "../../core/upgrade/situation";
import type { ControlPlaneState } from "../../core/upgrade/controlPlaneChange";
import { EMPTY_LEDGER } from "../../core/upgrade/ledger";
import { clusterUid, type KubeClient, listNodes } from "../../kube";
import { observeCluster } from "../observe/cluster";
import type { CloudLive, Findings } from "../ports";
import { askCloud, type WantedStack } from "./askCloud";
import { findBlockedBudgets } from "./blockedBudgets";
import { isOutage } from "./outage";
import { checkOwner } from "./owner";
import { explainUnseen } from "./unseen";
import { checkPlacesAfter } from "./placesAfter";

export interface PreflightPorts {
  readonly reach: () => Promise<KubeClient | "absent">;
  readonly now: () => number;
  readonly live: Pick<CloudLive, "readiness" | "explainNoAccess" | "checkPlace">;
}

export interface PreflightReport {
  /** unreachable with a blocker = it is known why: nobody lets these credentials in, or there is no such place. */
  readonly checked: "live" | "noClusterYet" | "unreachable";
  /** Why the live cluster was not checked; empty when it was. */
  readonly reason: string;
  /** Of the cluster that was looked at. Absent = there is none, or it can't be reached. */
  readonly uid?: string;
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
  const seen = await look(ports, wanted, signal);
  if ("reason" in seen) return { checked: "unreachable", ...seen, warnings: [] };
  const now = new Date(ports.now()).toISOString();
  const rules = evaluateUpgrade(seen.observed, wanted.desired, { catalog: CATALOG, now });
  const controlPlane = stateOf(seen.observed, wanted.desired, { now });
  const cloud = await askCloud(ports, { ...wanted, observed: seen.observed }, signal);
  return {
    checked: seen.checked,
    reason: "",
    ...(seen.uid === undefined ? {} : { uid: seen.uid }),
    ...(controlPlane === undefined ? {} : { controlPlane }),
    blockers: asWritten(wanted.desired.pools, [
      ...checkOwner(seen.observed.ledger, wanted.stack),
      ...rules.blockers,
      ...seen.findings.blockers,
      ...cloud.blockers,
    ]),
    warnings: asWritten(wanted.desired.pools, [
      ...rules.warnings,
      ...seen.findings.warnings,
      ...cloud.warnings,
    ]),
  };
};

type Seen =
  | {
      readonly checked: "live" | "noClusterYet";
      readonly uid?: string;
      readonly observed: ObservedCluster;
      readonly findings: Findings;
    }
  | { readonly reason: string; readonly blockers: readonly Problem[] };

const look = async (
  ports: PreflightPorts,
  { connection, desired }: WantedStack,
  signal: AbortSignal,
): Promise<Seen> => {
  try {
    const kube = await ports.reach();
    if (kube === "absent") {
      const nothing = { nodes: [], ledger: EMPTY_LEDGER };
      return { checked: "noClusterYet", observed: nothing, findings: { blockers: [], warnings: [] } };
    }
    const nodes = listNodes(kube, { signal });
    const [uid, observed, budgets, places] = await Promise.all([
      clusterUid(kube, { signal }),
      observeCluster(kube, signal, nodes),
      findBlockedBudgets(kube, signal),
      checkPlacesAfter({ kube, nodes }, desired, signal),
    ]);
    const findings = { blockers: places.blockers, warnings: [...budgets, ...places.warnings] };
    return { checked: "live", uid, observed, findings };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const blockers = await explainUnseen(ports.live, { connection, error }, signal);
    if (blockers.length > 0 || isOutage(error)) return { reason: error.message, blockers };
    throw error;
  }
};
