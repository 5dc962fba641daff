import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { ownEntry } from "../../controlplane/process/ownEntry";
import { LABEL } from "../../core/identity/names";
import type { Arena, Pool } from "./arena";
import type { Field } from "./field";
import type { ChildOrder } from "./childProtocol";
import type { Command } from "./programs";
import type { ContenderName } from "./scenario";

export interface Place {
  readonly field: Field;
  readonly pool: Pool;
}

export interface Contender {
  readonly name: ContenderName;
  readonly title: string;
  readonly steps: (place: Place) => readonly (readonly Command[])[];
  /** It says of this pod, or of its workload, that it cannot be moved. */
  readonly names: (line: string, workload: string) => boolean;
}

/** What people use: daemons stay, emptyDirs may go, pods without a controller too. */
const FLAGS = ["--ignore-daemonsets", "--delete-emptydir-data", "--force"];

const program = (stem: string, wish: Omit<ChildOrder, "run">): Command => {
  const order: ChildOrder = { ...wish, run: `bench-${randomUUID()}` };
  const { command, args } = ownEntry(join(__dirname, stem));
  return { program: command, args: [...args, JSON.stringify(order)], waits: true };
};

const child = ({ field, pool }: Place, stem: string): Command =>
  program(stem, { kubeconfig: field.arena.kubeconfig, nodes: pool.nodes });

const CHANGEOVER = "changeoverChild";

export const changeoverOn = (wish: Omit<ChildOrder, "run">): Command => program(CHANGEOVER, wish);

const kubectl = ({ kubectlProgram }: Arena, ...args: readonly string[]): Command => ({
  program: kubectlProgram,
  args,
  waits: false,
});

const selectorOf = ({ generation }: Pool): string => `${LABEL.generation}=${generation}`;

/** It has one sentence for a budget that is busy and for one that lets nobody go ever. */
const kubectlNames = (line: string, workload: string): boolean =>
  line.includes("error when evicting") && line.includes(`"${workload}-`);

const CODE = /\b(BLOCKED_BY_SPEC|MULTIPLE_PDBS)\b/;

const changeoverNames = (line: string, workload: string): boolean =>
  CODE.test(line) && line.includes(`/${workload}`);

/** In the order of the tables, and of the first round. */
export const CONTENDERS: readonly Contender[] = [
  {
    name: "changeover",
    title: "changeover",
    steps: place => [[child(place, CHANGEOVER)]],
    names: changeoverNames,
  },
  {
    name: "surgeFirst",
    title: "changeover, surge-first",
    steps: ({ field, pool }) => [
      [
        changeoverOn({
          kubeconfig: field.arena.kubeconfig,
          nodes: pool.nodes,
          surgeFirstIn: field.namespace,
        }),
      ],
    ],
    names: changeoverNames,
  },
  {
    name: "parallel",
    title: "kubectl drain, all nodes at once",
    steps: ({ field: { arena }, pool }) => [
      [kubectl(arena, "cordon", "--selector", selectorOf(pool))],
      pool.nodes.map(node => kubectl(arena, "drain", node, ...FLAGS)),
    ],
    names: kubectlNames,
  },
  {
    name: "karpenter",
    title: "Karpenter's queue, rebuilt",
    steps: place => [[child(place, "karpenterChild")]],
    names: (line, workload) => line.startsWith(`failed to evict pod ${workload}-`),
  },
  {
    name: "serial",
    title: "kubectl drain, one node after another",
    steps: ({ field: { arena }, pool }) => [
      [kubectl(arena, "drain", "--selector", selectorOf(pool), ...FLAGS)],
    ],
    names: kubectlNames,
  },
];

export const contenderOf = (name: ContenderName): Contender => {
  const found = CONTENDERS.find(one => one.name === name);
  if (found === undefined) throw new Error(`no contender ${name}`);
  return found;
};

/** Somebody else's drain of the first node. */
export const secondDrainer = (arena: Arena, { nodes: [first = ""] }: Pool): Command =>
  kubectl(arena, "drain", first, ...FLAGS);
