import { LABEL } from "../../core/identity/names";
import type { Problem } from "../../core/problem";
import { matchesVersion } from "../../core/version/kubeVersion";
import { listNodes, type NodeView } from "../../kube";
import type { ConnectionRecipe } from "../../core/config/connection";
import type { CloudLive, Ports } from "../ports";
import { readLedger } from "../ledger/store";
import { waitFor } from "../wait";
import { probeNodes } from "./probe";

export interface GenerationWanted {
  readonly connection: ConnectionRecipe;
  readonly pool: string;
  readonly generation: string;
  readonly version: string;
  readonly size: { readonly min: number; readonly max: number };
  readonly timeoutSeconds: number;
}

export interface GenerationProof {
  readonly nodes: number;
  readonly probed: number;
}

/** Grows the generation to what it must carry, waits for its nodes, and has a pod start on each before it is opened. */
export const proveGeneration = async (
  ports: Ports & { readonly live: CloudLive },
  wanted: GenerationWanted,
  signal: AbortSignal,
): Promise<GenerationProof> => {
  const size = await grow(ports, wanted, signal);
  const options = { now: ports.now, log: ports.log, signal, deadlineSeconds: wanted.timeoutSeconds };
  const nodes = await waitFor(() => lookAtNodes(ports, wanted, { size, signal }), {
    ...options,
    problem: missing => notProven(wanted, missing),
  });
  const opened = (await readLedger(ports.kube, signal)).pools[wanted.pool]?.active === wanted.generation;
  if (opened) return { nodes: nodes.length, probed: 0 };
  await probeNodes(ports, { ...wanted, nodes: nodes.map(node => node.name) }, signal);
  return { nodes: nodes.length, probed: nodes.length };
};

/** Green must hold what blue holds now, not what it held when the config was written. */
const grow = async (
  { kube, live, log }: Ports & { readonly live: CloudLive },
  wanted: GenerationWanted,
  signal: AbortSignal,
): Promise<number> => {
  const nodes = await listNodes(kube, { signal, labels: { [LABEL.pool]: wanted.pool } });
  const blue = nodes.filter(node => node.labels[LABEL.generation] !== wanted.generation).length;
  const size = Math.min(wanted.size.max, Math.max(wanted.size.min, blue));
  const present = await live.poolSize(wanted);
  if (present !== "absent" && present < size) {
    log(`growing ${wanted.generation} from ${String(present)} to ${String(size)} nodes`);
    await live.resizePool(wanted, size);
  }
  return size;
};

const lookAtNodes = async (
  { kube }: Ports,
  wanted: GenerationWanted,
  { size, signal }: { size: number; signal: AbortSignal },
): Promise<{ done: readonly NodeView[] } | { missing: string }> => {
  const nodes = await listNodes(kube, { signal, labels: { [LABEL.generation]: wanted.generation } });
  const unfit = nodes.flatMap(node => whyUnfit(node, wanted.version)).sort();
  if (nodes.length >= size && unfit.length === 0) return { done: nodes };
  const named = unfit.length === 0 ? "" : `: ${unfit.slice(0, 3).join("; ")}${unfit.length > 3 ? "; …" : ""}`;
  const fit = nodes.length - unfit.length;
  return {
    missing: `${String(fit)} of ${String(size)} nodes of ${wanted.generation} Ready at ${wanted.version}${named}`,
  };
};

const whyUnfit = (node: NodeView, version: string): string[] => {
  if (!node.ready) return [`${node.name} is not Ready`];
  if (!matchesVersion(node.kubeletVersion, version))
    return [`${node.name} runs kubelet ${node.kubeletVersion}`];
  return node.allocatable.cpuMillis > 0 ? [] : [`${node.name} has no allocatable cpu yet`];
};

const notProven = (wanted: GenerationWanted, missing: string): Problem => ({
  code: "GenerationGate.NotReady",
  path: `pools.${wanted.pool}`,
  message: `after ${String(wanted.timeoutSeconds)} s still waiting for ${missing}; the old generation is untouched`,
  fix: `look at these nodes and run \`pulumi up\` again, or set pools.${wanted.pool}.version back: that removes only ${wanted.generation}`,
});
