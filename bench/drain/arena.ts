import { newestVersion } from "../../controlplane";
import { ensureTool } from "../../controlplane/tools";
import { type KubeClient, listNodes, openKube } from "../../kube";
import { ensureLab, ensureLabPool, labKubeconfig } from "../../lab";
import { type Kubectl, kubectlFor } from "../kubectl";
import type { Bench } from "../row";

export const LAB = "bench-drain";
const LOOK_EVERY_MS = 200;
const NODES_MS = 120_000;

/** A lab for all scenarios of a run. */
export interface Arena {
  readonly bench: Bench;
  readonly kube: KubeClient;
  readonly kubeconfig: string;
  readonly kubectlProgram: string;
  readonly kubectl: Kubectl;
}

export interface Pool {
  readonly generation: string;
  readonly nodes: readonly string[];
}

export const openArena = async (bench: Bench): Promise<Arena> => {
  const options = { progress: bench.say, signal: bench.signal };
  const kubernetes = await ensureTool("kubernetes-1.36", options);
  await ensureLab({ name: LAB, version: newestVersion() }, options);
  const kubeconfig = labKubeconfig(LAB) ?? "";
  const program = kubernetes.bin("kubectl");
  return {
    bench,
    kube: await openKube({ kubeconfig }),
    kubeconfig,
    kubectlProgram: program,
    kubectl: kubectlFor({ program, kubeconfig }, bench),
  };
};

const pause = (): Promise<void> => new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS));

/** Looks until nothing is missing any more. */
export const until = async (
  { signal }: Bench,
  deadlineMs: number,
  missing: () => Promise<string | undefined>,
): Promise<void> => {
  const deadline = performance.now() + deadlineMs;
  for (;;) {
    const lack = await missing();
    if (lack === undefined) return;
    signal.throwIfAborted();
    if (performance.now() > deadline) throw new Error(`gave up waiting: ${lack}`);
    await pause();
  }
};

export const openPool = async (arena: Arena, name: string, count: number): Promise<Pool> => {
  const size = { min: count, max: count };
  const version = newestVersion();
  const shape = { version, size, machine: "lab.large", zones: ["a", "b", "c"], labels: {}, taints: [] };
  await ensureLabPool(LAB, { pool: "bench", generation: name, ...shape });
  const pool = { generation: name, nodes: Array.from({ length: count }, (_, index) => `${name}-${index}`) };
  await until(arena.bench, NODES_MS, async () => {
    const nodes = await listNodes(arena.kube, { signal: arena.bench.signal });
    const ready = new Set(nodes.filter(node => node.ready).map(node => node.name));
    return pool.nodes.find(node => !ready.has(node));
  });
  return pool;
};
