import { randomUUID } from "node:crypto";
import { drainNodes } from "../../operations/drain/drainNodes";
import { type Arena, type Round, selectorOf } from "./arena";

export interface Drainer {
  readonly name: string;
  readonly drain: (arena: Arena, round: Round) => Promise<void>;
}

/** What people use: daemons stay, emptyDirs may go, pods without a controller too. */
const FLAGS = ["--ignore-daemonsets", "--delete-emptydir-data", "--force", "--timeout=300s"];

/** Cordons all nodes first, as its own help advises, then empties one after another. */
const serial: Drainer = {
  name: "kubectl drain, one node after another",
  drain: async ({ kubectl }, round) => {
    await kubectl("drain", "--selector", selectorOf(round), ...FLAGS);
  },
};

const parallel: Drainer = {
  name: "kubectl drain, all nodes at once",
  drain: async ({ kubectl }, round) => {
    await kubectl("cordon", "--selector", selectorOf(round));
    await Promise.all(round.nodes.map(node => kubectl("drain", node, ...FLAGS)));
  },
};

const ours: Drainer = {
  name: "changeover",
  drain: async ({ kube, bench }, round) => {
    const ports = { kube, now: Date.now, log: () => undefined };
    const request = { run: randomUUID(), nodes: round.nodes, cordon: true };
    const outcome = await drainNodes(ports, request, bench.signal);
    bench.signal.throwIfAborted();
    if (outcome.kind !== "drained") throw new Error(`${outcome.kind}: ${outcome.reasons.join("; ")}`);
  },
};

export const DRAINERS: readonly Drainer[] = [ours, parallel, serial];
