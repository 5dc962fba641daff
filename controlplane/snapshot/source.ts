import { ProblemError } from "../../core/problem";
import { ensureKubeconfig } from "../pki/kubeconfig";
import { seeProcesses } from "../plane/read";
import { componentKubeconfig } from "../plane/record";
import { APISERVERS } from "../plane/roles";

/** One apiserver of a control plane: where it answers, and as what it was started. */
export interface ComparisonSource {
  readonly kubeconfig: string;
  readonly version: string;
  readonly emulated?: string;
}

const noServer = (dir: string): ProblemError =>
  new ProblemError("nothing to compare the snapshot with", [
    {
      code: "ControlPlane.NoServer",
      path: dir,
      message: "no apiserver of this control plane is alive",
      fix: "start it again, then take and compare a new snapshot",
    },
  ]);

/**
 * The oldest living apiserver, past the balancer: after a change that ended half-way the balancer would answer with two
 * versions, and neither the number of kinds nor what they look like would be the same.
 */
export const comparisonSource = (dir: string): ComparisonSource => {
  const seen = seeProcesses(dir);
  const living = APISERVERS.flatMap(role => {
    const found = seen[role];
    const version = found?.order.note?.["version"];
    if (found?.alive !== true || version === undefined) return [];
    const emulated = found.order.note?.["emulated"];
    return [{ role, port: found.order.port, version, ...(emulated === undefined ? {} : { emulated }) }];
  });
  const [oldest] = living.sort((a, b) => a.version.localeCompare(b.version, "en", { numeric: true }));
  if (oldest === undefined) throw noServer(dir);
  const { role, port, ...versions } = oldest;
  const kubeconfig = componentKubeconfig(dir, role);
  ensureKubeconfig(dir, kubeconfig, { name: role, server: `https://127.0.0.1:${port}`, leaf: "admin" });
  return { kubeconfig, ...versions };
};
