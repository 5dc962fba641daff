import type { CloudLive } from "../../../operations/ports";
import { openAccess } from "./live/access";
import { proveBackup, takeBackup } from "./live/backup";
import { poolSize, releaseNodes, resizePool } from "./live/pool";

export { findingsOf, invite, isOpened, toJoin } from "./live/gate";
export { lookInPlace, toUpgrade } from "./live/inPlace";

/** kubeadm at run time: the user's kubeconfig for the cluster, ssh for its machines (docs/adr/0018). */
export const kubeadmLive: CloudLive = {
  access: connection => Promise.resolve().then(() => openAccess(connection)),
  poolSize,
  resizePool,
  releaseNodes,
  closePool: () => Promise.resolve(),
  openPool: () => Promise.resolve(),
  reopenPool: () => Promise.resolve(),
  backup: takeBackup,
  proveBackup,
};
