import type { ConnectionRecipe } from "../../../core/config/connection";
import { ProblemError } from "../../../core/problem";
import type { CloudLive } from "../../../operations/ports";
import { openAccess } from "./live/access";
import { closePool, openPool, reopenPool } from "./live/closing";
import { poolSize, releaseNodes, resizePool } from "./live/machines";
import { checkPlace } from "./live/place";
import { readiness } from "./live/readiness/readiness";
import { settleStage } from "./live/stage";

/** GKE at run time, by Google's REST APIs: no engine monitor is there for a gate to invoke a provider (docs/adr/0014). */
export const gkeLive: CloudLive = {
  access: openAccess,
  poolSize,
  resizePool,
  releaseNodes,
  closePool,
  openPool,
  reopenPool,
  readiness,
  checkPlace,
  settleStage,
  backup: connection => Promise.reject(noEtcd(connection)),
  proveBackup: connection => Promise.reject(noEtcd(connection)),
};

const noEtcd = ({ name }: ConnectionRecipe): ProblemError =>
  new ProblemError("backup refused", [
    {
      code: "Gke.NoEtcd",
      path: "backup.kind",
      message: `GKE lets nobody near the etcd of "${name}", so there is no snapshot to take`,
      fix: "set backup.kind: none, and keep the backups of your data as you do today; Velero is not built yet",
    },
  ]);
