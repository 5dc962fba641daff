import { ensureTool } from "../../controlplane/tools";
import { newestVersion } from "../../controlplane";
import { LABEL } from "../../core/identity/names";
import { type KubeClient, listBudgets, openKube } from "../../kube";
import { deleteLabPool, ensureLab, ensureLabPool, labKubeconfig, labStatus } from "../../lab";
import { SHOP_MANIFESTS } from "../../lab/demo/shop/manifests";
import { openShop, pathOf } from "../../lab/demo/shop/openShop";
import { type Kubectl, kubectlFor } from "../kubectl";
import type { Bench } from "../row";

const LAB = "bench-drain";
const NODES = 6;
const LOOK_EVERY_MS = 200;
const SETTLE_MS = 60_000;

/** A lab with the demo's shop on it, which moves from one node group to the next. */
export interface Arena {
  readonly bench: Bench;
  readonly kube: KubeClient;
  /** Ports of the API servers themselves, behind the balancer. */
  readonly ports: readonly number[];
  readonly kubectl: Kubectl;
}

/** The node group that is left in a round. */
export interface Round {
  readonly generation: string;
  readonly nodes: readonly string[];
}

const openPool = async (index: number): Promise<Round> => {
  const generation = `bench-${index}`;
  const size = { min: NODES, max: NODES };
  const version = newestVersion();
  const shape = { version, size, machine: "lab.large", zones: ["a", "b", "c"], labels: {}, taints: [] };
  await ensureLabPool(LAB, { pool: "bench", generation, ...shape });
  return { generation, nodes: Array.from({ length: NODES }, (_, node) => `${generation}-${node}`) };
};

const isHealthy = (budget: Awaited<ReturnType<typeof listBudgets>>[number]): boolean =>
  budget.currentHealthy >= budget.expectedPods &&
  budget.disruptionsAllowed > 0 &&
  Object.keys(budget.disruptedPods).length === 0;

/** Every pod is ready and every budget has its full room again. */
const settle = async ({ kube, bench }: Arena): Promise<void> => {
  const deadline = Date.now() + SETTLE_MS;
  await openShop(kube, { signal: bench.signal, progress: () => undefined });
  while (!(await listBudgets(kube, { signal: bench.signal })).every(isHealthy)) {
    if (Date.now() > deadline) throw new Error("the shop's budgets did not recover in time");
    await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS));
  }
};

/** Lab, shop and the first node group. */
export const openArena = async (bench: Bench): Promise<Arena & { readonly first: Round }> => {
  const options = { progress: bench.say, signal: bench.signal };
  const kubernetes = await ensureTool("kubernetes-1.36", options);
  await ensureLab({ name: LAB, version: newestVersion() }, options);
  const ports = labStatus(LAB).processes.flatMap(({ role, port }) =>
    role.startsWith("kube-apiserver") ? [port] : [],
  );
  const kube = await openKube({ kubeconfig: labKubeconfig(LAB) ?? "" });
  const first = await openPool(0);
  await openShop(kube, { signal: bench.signal, progress: () => undefined });
  const of = { program: kubernetes.bin("kubectl"), kubeconfig: labKubeconfig(LAB) ?? "" };
  return { bench, kube, ports, kubectl: kubectlFor(of, bench), first };
};

/** A Job fails for good after so many evictions, so each round has one of its own. */
const renewJobs = async ({ kube, bench: { signal } }: Arena): Promise<void> => {
  const query = { propagationPolicy: "Background" };
  for (const job of SHOP_MANIFESTS.filter(({ kind }) => kind === "Job"))
    await kube.request({ method: "DELETE", path: pathOf(job), query, signal });
};

/** Makes the group that is moved to; the shop runs whole on the one that is left. */
export const prepareRound = async (arena: Arena, index: number): Promise<Round> => {
  await renewJobs(arena);
  await settle(arena);
  const next = await openPool(index + 1);
  await settle(arena);
  return next;
};

export const closeRound = async ({ generation }: Round): Promise<void> => deleteLabPool(LAB, generation);

export const selectorOf = ({ generation }: Round): string => `${LABEL.generation}=${generation}`;
