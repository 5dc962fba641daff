import { z } from "zod";
import { closed } from "./closed";
import type { ClusterSpec } from "./cluster";
import { duration } from "./duration";

type Kind = "etcd" | "velero" | "none";

/** What can be backed up where: a managed control plane does not let anybody near its etcd. */
const OFFERED: Readonly<Record<ClusterSpec["cloud"], readonly [Kind, ...Kind[]]>> = {
  lab: ["etcd", "none"],
  kubeadm: ["etcd", "velero", "none"],
  eks: ["velero", "none"],
  gke: ["velero", "none"],
  aks: ["velero", "none"],
};

/** `changeover:backup`: what is saved, and proven to restore, before anything moves. */
export const backupSchema = (cloud: ClusterSpec["cloud"]) =>
  closed({
    kind: z
      .enum(OFFERED[cloud])
      .default(OFFERED[cloud][0])
      .describe("etcd snapshot, Velero backup, or none on your own responsibility."),
    maxAge: duration()
      .default(86_400)
      .describe("A backup older than this no longer protects a pending upgrade."),
    proveRestore: z
      .boolean()
      .default(true)
      .describe("Restore it somewhere disposable and compare, before anything moves."),
  }).transform(({ kind, maxAge, proveRestore }) => ({ kind, maxAgeSeconds: maxAge, proveRestore }));

export type BackupSpec = Readonly<z.output<ReturnType<typeof backupSchema>>>;
