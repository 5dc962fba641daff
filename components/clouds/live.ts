import type { ClusterSpec } from "../../core/config";
import { ProblemError } from "../../core/problem";
import type { CloudLive, CloudStock } from "../../operations/ports";
import { loadCloud } from "./load";

/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports
   -- gates load their own cloud's adapter and SDK, no other's (docs/adr/0007) */

const LIVE: Record<ClusterSpec["cloud"], () => CloudLive> = {
  lab: () => (require("./lab/live") as typeof import("./lab/live")).labLive,
  eks: () => loadCloud("eks", () => (require("./eks/live") as typeof import("./eks/live")).eksLive),
  gke: () => loadCloud("gke", () => (require("./gke/live") as typeof import("./gke/live")).gkeLive),
  aks: () => loadCloud("aks", () => (require("./aks/live") as typeof import("./aks/live")).aksLive),
  kubeadm: () =>
    loadCloud("kubeadm", () => (require("./kubeadm/live") as typeof import("./kubeadm/live")).kubeadmLive),
};

/** The run-time half of a cloud. */
export const liveOf = (cloud: ClusterSpec["cloud"]): CloudLive => LIVE[cloud]();

const STOCK: Partial<Record<ClusterSpec["cloud"], () => CloudStock>> = {
  eks: () =>
    loadCloud("eks", () => (require("./eks/live/stock") as typeof import("./eks/live/stock")).eksStock),
  gke: () =>
    loadCloud("gke", () => (require("./gke/live/stock") as typeof import("./gke/live/stock")).gkeStock),
  aks: () =>
    loadCloud("aks", () => (require("./aks/live/stock") as typeof import("./aks/live/stock")).aksStock),
  kubeadm: () =>
    loadCloud(
      "kubeadm",
      () => (require("./kubeadm/live/stock") as typeof import("./kubeadm/live/stock")).kubeadmStock,
    ),
};

/** What the cloud has in stock: existing pools and images. The lab has neither: its machines have no image. */
export const stockOf = (cloud: ClusterSpec["cloud"]): CloudStock => {
  const open = STOCK[cloud];
  if (open !== undefined) return open();
  throw new ProblemError(`nothing to ask cloud "${cloud}" for`, [
    {
      code: "Cloud.NoStock",
      path: "cluster.cloud",
      message: `found "${cloud}"; the lab has neither pools that were there before nor images`,
      fix: "describe the pools in config by hand",
    },
  ]);
};
