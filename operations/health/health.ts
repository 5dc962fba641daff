import type { Problem } from "../../core/problem";
import { isReadyz, listNodes } from "../../kube";
import { readLedger } from "../ledger/store";
import type { Ports } from "../ports";
import { waitFor } from "../wait";

export interface HealthWanted {
  readonly maxNotReadyNodes: number;
  readonly timeoutSeconds: number;
}

export interface HealthFound {
  readonly nodes: number;
  readonly notReady: number;
}

/** The API answers ready and no more nodes are down than in the recorded baseline plus what config allows. */
export const awaitHealth = async (
  ports: Ports,
  wanted: HealthWanted,
  signal: AbortSignal,
): Promise<HealthFound> => {
  const { baseline } = await readLedger(ports.kube, signal);
  const allowed = (baseline?.notReadyNodes ?? 0) + wanted.maxNotReadyNodes;
  return waitFor(() => lookAtHealth(ports, allowed, signal), {
    now: ports.now,
    log: ports.log,
    signal,
    deadlineSeconds: wanted.timeoutSeconds,
    problem: missing => unhealthy(missing),
  });
};

const lookAtHealth = async (
  { kube }: Ports,
  allowed: number,
  signal: AbortSignal,
): Promise<{ done: HealthFound } | { missing: string }> => {
  if (!(await isReadyz(kube, { signal }))) return { missing: "the API server to answer ready" };
  const nodes = await listNodes(kube, { signal });
  const down = nodes.filter(node => !node.ready).map(node => node.name);
  if (down.length <= allowed) return { done: { nodes: nodes.length, notReady: down.length } };
  return {
    missing: `${String(down.length)} nodes to be Ready, ${String(allowed)} may be down: ${down.slice(0, 3).join(", ")}`,
  };
};

const unhealthy = (missing: string): Problem => ({
  code: "HealthGate.Unhealthy",
  path: "cluster",
  message: `the cluster is not well after the control plane moved; still waiting for ${missing}`,
  fix: "look at the named nodes and the API server's /readyz?verbose, then run `pulumi up` again; pools are untouched",
});
