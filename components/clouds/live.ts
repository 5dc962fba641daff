import type { ClusterSpec } from "../../core/config";
import type { CloudLive } from "../../operations/ports";
import { loadCloud } from "./load";
import { notYet } from "./notYet";

/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports
   -- gates load their own cloud's adapter and SDK, no other's (docs/adr/0007) */

const LIVE: Record<ClusterSpec["cloud"], () => CloudLive> = {
  lab: () => (require("./lab/live") as typeof import("./lab/live")).labLive,
  eks: () => loadCloud("eks", () => (require("./eks/live") as typeof import("./eks/live")).eksLive),
  gke: () => loadCloud("gke", () => (require("./gke/live") as typeof import("./gke/live")).gkeLive),
  aks: () => loadCloud("aks", () => (require("./aks/live") as typeof import("./aks/live")).aksLive),
  kubeadm: () => notYet("kubeadm"),
};

/** The run-time half of a cloud. */
export const liveOf = (cloud: ClusterSpec["cloud"]): CloudLive => LIVE[cloud]();
