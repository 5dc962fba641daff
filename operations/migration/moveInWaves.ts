import type { ConnectionRecipe } from "../../core/config/connection";
import { LABEL } from "../../core/identity/names";
import { type Problem, ProblemError } from "../../core/problem";
import { chooseNodes, nextWave, surgeNodes, type Wave, withinSize } from "../../core/upgrade/waves";
import { listNodes, type NodeView } from "../../kube";
import { proveCapacity } from "../drain/capacity";
import { fenceNodes } from "../drain/fence";
import { awaitNodes } from "../generation/awaitNodes";
import { type Devices, deviceHint } from "../generation/devices";
import { probeNodes } from "../generation/probe";
import { readLedger } from "../ledger/store";
import type { CloudPorts } from "../ports";
import { carryWorkloads } from "./carryWorkloads";
import { type Emptied, emptyNodes } from "./emptyNodes";

/** How a pool moves of which no whole second one may stand beside the first. */
export interface WavesWanted {
  /** Percent of the pool that may exist beside it. */
  readonly poolSurge: number;
  readonly size: { readonly min: number; readonly max: number };
  /** The kubelet version that nodes of the active generation report. */
  readonly version: string;
  /** Device → how many each node must offer before it is proven; absent = none. */
  readonly expects?: Devices;
  /** Keys of the taints that config gives its nodes; absent = none. */
  readonly taintKeys?: readonly string[];
  /** Seconds that new nodes have to become Ready. */
  readonly timeoutSeconds: number;
}

interface MoveWanted extends WavesWanted {
  readonly connection: ConnectionRecipe;
  readonly pool: string;
  /** The generation that everything moves to. */
  readonly generation: string;
  readonly drain: { readonly timeoutSeconds: number; readonly deadlinePerUpSeconds: number };
}

interface Seen {
  readonly active: readonly NodeView[];
  readonly leaving: readonly NodeView[];
  readonly target: number;
  readonly surge: number;
}

/**
 * Grows the active generation, empties as many of the nodes being left, gives them back, and again until none is left
 * but those of the last wave, which their interlock lets go. Each round looks anew, so a killed run goes on.
 */
export const moveInWaves = async (
  ports: CloudPorts,
  wanted: MoveWanted,
  signal: AbortSignal,
): Promise<readonly Emptied[]> => {
  const end = ports.now() + wanted.drain.deadlinePerUpSeconds * 1_000;
  const drains: Emptied[] = [];
  for (;;) {
    signal.throwIfAborted();
    const seen = await look(ports, wanted, signal);
    if (seen.leaving.length === 0) return drains;
    const wave = nextWave({ ...seen, active: seen.active.length, leaving: seen.leaving.length });
    ports.log(describeWave(wanted, seen, wave));
    if (wave.grow > 0) await grow(ports, { ...wanted, seen, by: wave.grow }, signal);
    const nodes = nodesOfWave(seen.leaving, wave.drain);
    const secondsLeft = Math.floor((end - ports.now()) / 1_000);
    if (secondsLeft <= 0) throw new ProblemError("migration paused", [outOfTime(wanted, seen)]);
    const emptied = await emptyWave(ports, { ...wanted, nodes, secondsLeft }, signal);
    if (emptied !== undefined) drains.push(emptied);
    if (nodes.names.length === seen.leaving.length) return drains;
    await giveBack(ports, { ...wanted, nodes }, signal);
  }
};

const look = async (
  { kube }: CloudPorts,
  { pool, generation, poolSurge, size }: MoveWanted,
  signal: AbortSignal,
): Promise<Seen> => {
  const [nodes, ledger] = await Promise.all([
    listNodes(kube, { signal, labels: { [LABEL.pool]: pool } }),
    readLedger(kube, signal),
  ]);
  const isActive = (node: NodeView): boolean => node.labels[LABEL.generation] === generation;
  const active = nodes.filter(isActive);
  const leaving = nodes.filter(node => !isActive(node));
  const noted = ledger.pools[pool]?.moving?.nodes ?? Math.max(active.length, leaving.length);
  const target = withinSize(noted, size);
  return { active, leaving, target, surge: surgeNodes(target, poolSurge) };
};

const describeWave = (
  { generation, poolSurge }: MoveWanted,
  { active, leaving, target, surge }: Seen,
  { grow: more, drain }: Wave,
): string =>
  `poolSurge ${poolSurge}%: ${generation} has ${active.length} of ${target} nodes and gains ${more}; ${drain} of ${leaving.length} old nodes are emptied next (never more than ${target + surge} at once)`;

const grow = async (
  ports: CloudPorts,
  wanted: MoveWanted & { readonly seen: Seen; readonly by: number },
  signal: AbortSignal,
): Promise<void> => {
  const { active } = wanted.seen;
  const size = active.length + wanted.by;
  await ports.live.resizePool({ ...wanted, log: ports.log, signal }, size);
  const problem = (missing: string): Problem => notGrown(wanted, missing);
  const nodes = await awaitNodes(ports, { ...wanted, size, problem }, signal);
  const before = new Set(active.map(({ name }) => name));
  const born = nodes.map(({ name }) => name).filter(name => !before.has(name));
  await probeNodes(ports, { ...wanted, nodes: born }, signal);
};

interface WaveNodes {
  readonly from: string;
  readonly names: readonly string[];
}

/** Of one generation only: each has machines of its own to give back. */
const nodesOfWave = (leaving: readonly NodeView[], count: number): WaveNodes => {
  const from = leaving.map(node => node.labels[LABEL.generation] ?? "").sort()[0] ?? "";
  const those = leaving.filter(node => node.labels[LABEL.generation] === from);
  const names = chooseNodes(
    those.map(({ name, ready, zone = "" }) => ({ name, ready, zone })),
    count,
  );
  return { from, names };
};

/** Closed for good before they are emptied: what landed there meanwhile would go with the machine. */
const emptyWave = async (
  ports: CloudPorts,
  wanted: MoveWanted & { readonly nodes: WaveNodes; readonly secondsLeft: number },
  signal: AbortSignal,
): Promise<Emptied | undefined> => {
  const { pool, drain, secondsLeft } = wanted;
  const { from, names } = wanted.nodes;
  const proof = await proveCapacity(ports.kube, { leaving: names, signal });
  if (proof.verdict === "IMPOSSIBLE")
    throw new ProblemError("migration refused", [noRoom(wanted, proof.reasons)]);
  await fenceNodes(ports.kube, names, { run: ports.run, cordon: true, signal });
  const inTime = { timeoutSeconds: drain.timeoutSeconds, deadlinePerUpSeconds: secondsLeft };
  return emptyNodes(ports, { pool, from, nodes: names, percent: 100, drain: inTime }, signal);
};

/** Only what is still empty: a pod that tolerates everything may have come back, and is moved in the next round. */
const giveBack = async (
  ports: CloudPorts,
  { connection, pool, nodes }: MoveWanted & { readonly nodes: WaveNodes },
  signal: AbortSignal,
): Promise<void> => {
  if (await carryWorkloads(ports.kube, new Set(nodes.names), signal)) return;
  const leaving = { connection, pool, generation: nodes.from, log: ports.log, signal };
  await ports.live.releaseNodes(leaving, nodes.names);
  ports.log(`${nodes.from}: ${nodes.names.length} empty nodes were given back`);
};

const notGrown = ({ pool, generation, timeoutSeconds, expects }: MoveWanted, missing: string): Problem => ({
  code: "Migration.NotGrown",
  path: `pools.${pool}`,
  message: `after ${timeoutSeconds} s still waiting for ${missing}; what has not moved yet runs on the old nodes`,
  fix: `look at these nodes and run \`pulumi up\` again, or set the pool's settings back: ${generation} is then left the same way${deviceHint(expects)}`,
});

const outOfTime = ({ pool, drain }: MoveWanted, { leaving }: Seen): Problem => ({
  code: "Migration.Paused",
  path: `pools.${pool}`,
  message: `${leaving.length} nodes are still to be emptied after the ${drain.deadlinePerUpSeconds} s of drain.deadlinePerUp`,
  fix: "run `pulumi up` again to go on where it stopped, or raise drain.deadlinePerUp",
});

const noRoom = ({ pool, nodes }: MoveWanted & { nodes: WaveNodes }, reasons: readonly string[]): Problem => ({
  code: "Migration.NoRoom",
  path: `pools.${pool}`,
  message: `what runs on ${nodes.names.join(", ")} has no other place: ${reasons.slice(0, 3).join("; ")}`,
  fix: "raise strategy.poolSurge or size.max of a pool that can take it and run `pulumi up` again; or set the pool's settings back",
});
