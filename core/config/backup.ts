import { z } from "zod";
import { closed } from "./closed";
import type { ClusterSpec } from "./cluster";
import { duration } from "./duration";
import { type Refusal, refuseValue } from "./refusal";

type Cloud = ClusterSpec["cloud"];
type Kind = "etcd" | "none";

/** What can be backed up where, the default first: a managed control plane does not let anybody near its etcd. */
const OFFERED: Readonly<Record<Cloud, readonly [Kind, ...Kind[]]>> = {
  lab: ["etcd", "none"],
  kubeadm: ["etcd", "none"],
  eks: ["none"],
  gke: ["none"],
  aks: ["none"],
};

/** Where nothing can be saved there is no default: that nothing is must have been said by somebody. */
const defaultOf = (cloud: Cloud): Kind | undefined =>
  OFFERED[cloud].length > 1 ? OFFERED[cloud][0] : undefined;

/** `changeover:backup`: what is saved, and proven to restore, before anything moves. */
export const backupSchema = (cloud: Cloud) =>
  closed({
    kind: z
      .enum(OFFERED[cloud])
      .optional()
      .describe("etcd snapshot, or none on your own responsibility; to be said on eks, gke and aks."),
    maxAge: duration()
      .default(86_400)
      .describe("A backup older than this no longer protects a pending upgrade."),
    proveRestore: z
      .boolean()
      .default(true)
      .describe("Restore it somewhere disposable and compare, before anything moves."),
  }).transform(({ kind = defaultOf(cloud), maxAge, proveRestore }, context) => {
    if (kind === undefined) refuseValue(context, undecided(cloud), ["kind"]);
    return { kind: kind ?? "none", maxAgeSeconds: maxAge, proveRestore };
  });

const undecided = (cloud: Cloud): Refusal => ({
  code: "Config.Missing",
  message: `missing; ${cloud} lets nobody near its etcd and Velero is not driven by this release, so an upgrade saves nothing by itself`,
  fix: "save your data as you do today, see a restore of it work, then write `backup: {kind: none}`",
});

export type BackupSpec = Readonly<z.output<ReturnType<typeof backupSchema>>>;
