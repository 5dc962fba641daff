import type { WorkloadFact } from "../../../core/drain/facts";
import type { ClimbRecord } from "../../../core/drain/ladder/climbRecord";
import type { LadderWish } from "../../../core/drain/ladder/rules";
import { workloadKey } from "../../../core/drain/world";
import type { KubeClient } from "../../../kube";
import { tellEvent } from "./tellEvent";

export interface ChroniclePorts {
  readonly kube: KubeClient;
  readonly now: () => number;
  readonly log: (line: string) => void;
  readonly onClimb?: (record: ClimbRecord) => void;
}

/** Every climb: one line to the user, one record for the report, one Event on the workload. */
export interface Chronicle {
  tell(workload: WorkloadFact, rung: LadderWish, why: string): Promise<void>;
  /** A line without a climb; the same one about the same workload is told once. */
  note(workload: WorkloadFact, line: string): void;
  readonly climbs: readonly ClimbRecord[];
}

const REASONS: Readonly<Record<LadderWish, string>> = {
  surge: "DrainSurge",
  "rollout-restart": "DrainRolloutRestart",
  "evict-unhealthy": "DrainDeletedUnhealthy",
  force: "DrainForced",
  "surge-first": "DrainSurgeFirst",
};

const apiVersionOf = ({ kind }: WorkloadFact): string => (kind === "Job" ? "batch/v1" : "apps/v1");

const nameOf = ({ kind, namespace, name }: WorkloadFact): string => `${kind} ${namespace}/${name}`;

export const openChronicle = (ports: ChroniclePorts): Chronicle => {
  const climbs: ClimbRecord[] = [];
  const noted = new Map<string, string>();
  return {
    climbs,
    tell: async (workload, rung, why) => {
      const record: ClimbRecord = { at: ports.now(), workload: workloadKey(workload), rung, why };
      climbs.push(record);
      ports.log(`${nameOf(workload)}: ${rung}: ${why}`);
      ports.onClimb?.(record);
      const { kind, namespace, name, uid } = workload;
      await tellEvent(
        ports.kube,
        { apiVersion: apiVersionOf(workload), kind, namespace, name, uid },
        { reason: REASONS[rung], message: why, warning: rung === "force", now: record.at },
      );
    },
    note: (workload, line) => {
      if (noted.get(workload.uid) === line) return;
      noted.set(workload.uid, line);
      ports.log(`${nameOf(workload)}: ${line}`);
    },
  };
};
