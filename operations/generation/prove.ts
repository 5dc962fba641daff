import { LABEL } from "../../core/identity/names";
import type { Problem } from "../../core/problem";
import { recordMoving } from "../../core/upgrade/ledger";
import { withinSize } from "../../core/upgrade/waves";
import { listNodes } from "../../kube";
import type { ConnectionRecipe } from "../../core/config/connection";
import type { CloudLive, Ports } from "../ports";
import { readLedger, updateLedger } from "../ledger/store";
import { suspendRebalance } from "../migration/rebalance";
import { awaitNodes } from "./awaitNodes";
import { type Devices, deviceHint } from "./devices";
import { probeNodes } from "./probe";

export interface GenerationWanted {
  readonly connection: ConnectionRecipe;
  readonly pool: string;
  readonly generation: string;
  readonly version: string;
  readonly size: { readonly min: number; readonly max: number };
  /** Percent of a second pool that may exist beside the first; absent = all of it. */
  readonly poolSurge?: number;
  /** Device → how many each node must offer before it is proven; absent = none. */
  readonly expects?: Devices;
  /** Keys of the taints that config gives its nodes; absent = none. */
  readonly taintKeys?: readonly string[];
  readonly timeoutSeconds: number;
}

export interface GenerationProof {
  readonly nodes: number;
  readonly probed: number;
}

type GrowPorts = Ports & { readonly live: CloudLive };

/** Grows the generation to what it must carry, waits for its nodes, and has a pod start on each before it is opened. */
export const proveGeneration = async (
  ports: GrowPorts,
  wanted: GenerationWanted,
  signal: AbortSignal,
): Promise<GenerationProof> => {
  const size = await grow(ports, wanted, signal);
  const problem = (missing: string): Problem => notProven(wanted, missing);
  const nodes = await awaitNodes(ports, { ...wanted, size, problem }, signal);
  const opened = (await readLedger(ports.kube, signal)).pools[wanted.pool]?.active === wanted.generation;
  if (opened) return { nodes: nodes.length, probed: 0 };
  await probeNodes(ports, { ...wanted, nodes: nodes.map(node => node.name) }, signal);
  return { nodes: nodes.length, probed: nodes.length };
};

/** Green must hold what blue holds now, not what it held when the config was written. */
const grow = async (ports: GrowPorts, wanted: GenerationWanted, signal: AbortSignal): Promise<number> => {
  const nodes = await listNodes(ports.kube, { signal, labels: { [LABEL.pool]: wanted.pool } });
  const own = nodes.filter(node => node.labels[LABEL.generation] === wanted.generation).length;
  const others = nodes.length - own;
  const present = await ports.live.poolSize(wanted);
  const carried = await carriedNodes(ports, wanted, { own, others, signal });
  const change = { ...wanted, log: ports.log, signal };
  const grows = present !== "absent" && present < carried && !movesInWaves(wanted, others);
  // On the way back it is closed, and what is being left may have grown since.
  if (grows) await ports.live.reopenPool(change);
  if (others > 0) await suspendRebalance(ports, wanted, signal);
  const owed = await owedAnyway(ports, wanted, { present, others });
  if (owed !== undefined) return owed;
  await ports.live.boundPool?.(change, wanted.size);
  if (grows) {
    ports.log(`growing ${wanted.generation} from ${String(present)} to ${String(carried)} nodes`);
    await ports.live.resizePool(change, carried);
  }
  return carried;
};

const movesInWaves = ({ poolSurge }: GenerationWanted, others: number): boolean =>
  poolSurge !== undefined && others > 0;

/** What is there must do where pods say how many nodes there are, and where the migration grows it wave by wave. */
const owedAnyway = async (
  { live }: GrowPorts,
  wanted: GenerationWanted,
  { present, others }: { readonly present: number | "absent"; readonly others: number },
): Promise<number | undefined> => {
  if ((await live.followsDemand?.(wanted)) === true) return 0;
  if (!movesInWaves(wanted, others)) return undefined;
  return present === "absent" ? 0 : present;
};

/** In waves the pool's size is noted before they begin: nobody could tell it from what is left in their middle. */
const carriedNodes = async (
  { kube }: GrowPorts,
  { pool, generation, size, poolSurge }: GenerationWanted,
  { own, others, signal }: { own: number; others: number; signal: AbortSignal },
): Promise<number> => {
  const noted = (await readLedger(kube, signal)).pools[pool]?.moving?.nodes ?? 0;
  if (poolSurge === undefined || others === 0) return withinSize(Math.max(others, noted), size);
  const nodes = withinSize(Math.max(own, others, noted), size);
  await updateLedger(kube, before => recordMoving(before, pool, { to: generation, nodes }), signal);
  return nodes;
};

const notProven = (wanted: GenerationWanted, missing: string): Problem => ({
  code: "GenerationGate.NotReady",
  path: `pools.${wanted.pool}`,
  message: `after ${String(wanted.timeoutSeconds)} s still waiting for ${missing}; the old generation is untouched`,
  fix: `look at these nodes and run \`pulumi up\` again, or set pools.${wanted.pool}.version back: that removes only ${wanted.generation}${deviceHint(wanted.expects)}`,
});
