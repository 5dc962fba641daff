import type { ClusterSpec } from "../../core/config";
import type { CloudEntry } from "./contract";
import { loadCloud } from "./load";

/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports
   -- a stack loads its own cloud's adapter and provider SDK, no other's (docs/adr/0007) */

/** Complete by type: a new cloud name does not compile until it has an entry. */
const CLOUDS: Record<ClusterSpec["cloud"], () => CloudEntry> = {
  lab: () => (require("./lab/resources") as typeof import("./lab/resources")).lab,
  eks: () => loadCloud("eks", () => (require("./eks/resources") as typeof import("./eks/resources")).eks),
  gke: () => loadCloud("gke", () => (require("./gke/resources") as typeof import("./gke/resources")).gke),
  aks: () => loadCloud("aks", () => (require("./aks/resources") as typeof import("./aks/resources")).aks),
  kubeadm: () =>
    loadCloud(
      "kubeadm",
      () => (require("./kubeadm/resources") as typeof import("./kubeadm/resources")).kubeadm,
    ),
};

export const cloudOf = (name: ClusterSpec["cloud"]): CloudEntry => CLOUDS[name]();
