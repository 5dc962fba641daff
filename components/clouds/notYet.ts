import { ProblemError } from "../../core/problem";

/** A cloud that is known but has no adapter: refused before anything is touched. */
export const notYet = (cloud: string): never => {
  throw new ProblemError(`cloud "${cloud}" has no adapter yet`, [
    {
      code: "Cloud.NotYet",
      path: "cluster.cloud",
      message: `"${cloud}" is a known cloud whose adapter is not built yet; "lab", "eks", "gke" and "aks" are`,
      fix: "set cloud: lab, eks, gke or aks, or wait for the release that brings this cloud; the rest of the config is valid",
    },
  ]);
};
