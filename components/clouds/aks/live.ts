import type { ConnectionRecipe } from "../../../core/config/connection";
import { ProblemError } from "../../../core/problem";
import type { CloudLive } from "../../../operations/ports";
import { openAccess } from "./live/access";
import { closePool, openPool, reopenPool } from "./live/closing";
import { boundPool, poolSize, releaseNodes, resizePool } from "./live/machines";
import { readiness } from "./live/readiness/readiness";

/** AKS at run time, by Azure Resource Manager: no engine monitor is there for a gate to invoke a provider (docs/adr/0014). */
export const aksLive: CloudLive = {
  access: openAccess,
  poolSize,
  resizePool,
  boundPool,
  releaseNodes,
  closePool,
  openPool,
  reopenPool,
  readiness,
  backup: connection => Promise.reject(noEtcd(connection)),
  proveBackup: connection => Promise.reject(noEtcd(connection)),
};

const noEtcd = ({ name }: ConnectionRecipe): ProblemError =>
  new ProblemError("backup refused", [
    {
      code: "Aks.NoEtcd",
      path: "backup.kind",
      message: `AKS lets nobody near the etcd of "${name}", so there is no snapshot to take`,
      fix: "set backup.kind: none, and keep the backups of your data as you do today; Velero is not built yet",
    },
  ]);
