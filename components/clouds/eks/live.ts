import type { ConnectionRecipe } from "../../../core/config/connection";
import { ProblemError } from "../../../core/problem";
import type { CloudLive } from "../../../operations/ports";
import { openAccess } from "./live/access";
import { addOnStates } from "./live/addOns";
import { closePool, openPool, reopenPool } from "./live/closing";
import * as karpenter from "./live/karpenter/pool";
import { poolSize, releaseNodes, resizePool } from "./live/machines";
import { byMachines, isKarpenters } from "./live/makers";
import { explainNoAccess } from "./live/noAccess";
import { checkPlace } from "./live/place";
import { resumeRebalance, suspendRebalance } from "./live/rebalance";
import { eksReadiness } from "./live/readiness/readiness";

/** EKS at run time, by AWS's own SDK: no engine monitor is there for a gate to invoke a provider (docs/adr/0014). */
export const eksLive: CloudLive = {
  access: openAccess,
  poolSize: byMachines(poolSize, karpenter.poolSize),
  resizePool: byMachines(resizePool, karpenter.resizePool),
  releaseNodes: byMachines(releaseNodes, karpenter.releaseNodes),
  closePool: byMachines(closePool, karpenter.closePool),
  openPool: byMachines(openPool, karpenter.openPool),
  reopenPool: byMachines(reopenPool, karpenter.reopenPool),
  followsDemand: async pool => (await isKarpenters(pool)) && (await karpenter.followsDemand(pool)),
  suspendRebalance,
  resumeRebalance,
  readiness: eksReadiness,
  explainNoAccess,
  checkPlace,
  addOnStates,
  backup: connection => Promise.reject(noEtcd(connection)),
  proveBackup: connection => Promise.reject(noEtcd(connection)),
};

const noEtcd = ({ name }: ConnectionRecipe): ProblemError =>
  new ProblemError("backup refused", [
    {
      code: "Eks.NoEtcd",
      path: "backup.kind",
      message: `EKS lets nobody near the etcd of "${name}", so there is no snapshot to take`,
      fix: "set backup.kind: none, and keep the backups of your data as you do today; Velero is not built yet",
    },
  ]);
