/*
 * A pool whose `poolSurge` is below 100 % never has a whole second pool beside the first: green grows by the surge, as
 * many blue nodes are emptied and given back, and so on. Everything is decided anew from what is there, so that a run
 * that was killed goes on where it stopped, in either direction.
 */

export interface WaveView {
  /** Nodes that the pool carries when the move is over. */
  readonly target: number;
  /** Nodes that may exist beside these while it moves. */
  readonly surge: number;
  /** Nodes of the generation that is moved to. */
  readonly active: number;
  /** Nodes of all others. */
  readonly leaving: number;
}

export interface Wave {
  /** Nodes that the active generation gains first. */
  readonly grow: number;
  /** Nodes that are emptied then. */
  readonly drain: number;
}

/** How many nodes `percent` of a pool are: rounded down, since it is a limit, but at least one. */
export const surgeNodes = (nodes: number, percent: number): number =>
  Math.max(1, Math.floor((nodes * percent) / 100));

/** So many nodes, within what config allows the pool. */
export const withinSize = (nodes: number, size: { readonly min: number; readonly max: number }): number =>
  Math.min(size.max, Math.max(size.min, nodes));

/** What is left over `target` after growing is emptied: capacity never falls below what the pool carries. */
export const nextWave = ({ target, surge, active, leaving }: WaveView): Wave => {
  const room = target + surge - active - leaving;
  const grow = Math.max(0, Math.min(room, target - active));
  return { grow, drain: Math.max(0, Math.min(leaving, active + grow + leaving - target)) };
};

export interface WaveNode {
  readonly name: string;
  readonly ready: boolean;
  readonly zone: string;
}

const compareNames = (a: WaveNode, b: WaveNode): number => (a.name < b.name ? -1 : 1);

/** Which nodes go: those that serve nothing first, then one from the zone that has most, so that zones stay even. */
export const chooseNodes = (nodes: readonly WaveNode[], count: number): readonly string[] => {
  const broken = nodes.filter(({ ready }) => !ready).sort(compareNames);
  const zones = Map.groupBy(nodes.filter(({ ready }) => ready).sort(compareNames), ({ zone }) => zone);
  const queues = [...zones].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, queue]) => queue);
  const chosen = broken.slice(0, count);
  while (chosen.length < count) {
    const fullest = queues.reduce((most, queue) => (queue.length > most.length ? queue : most), []);
    const next = fullest.shift();
    if (next === undefined) break;
    chosen.push(next);
  }
  return chosen.map(({ name }) => name);
};
