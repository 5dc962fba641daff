import { z } from "zod";
import { adoptPoolSchema } from "./adopt";
import { closed } from "./closed";
import { duration } from "./duration";
import { expects } from "./expects";
import { machineShape, sizeSchema } from "./machines";
import { percent } from "./percent";
import { retiringSchema } from "./retiring";
import { versionText } from "./versionText";

const strategySchema = closed({
  kind: z
    .enum(["blueGreen", "staged"])
    .default("blueGreen")
    .describe(
      "blueGreen: one `up` moves everything. staged: the old generation stays under `retiring` and goes in reviewed steps.",
    ),
  poolSurge: percent(1)
    .default(100)
    .describe(
      "How much of a second pool may exist beside the first while workloads move. Below 100%: in waves, and the old machines are given back as they empty.",
    ),
});

const drainSchema = closed({
  timeout: duration().default(7_200).describe("The whole migration of the pool may take this long."),
  deadlinePerUp: duration()
    .default(3_000)
    .describe("One `up` stops cleanly after this long; the next goes on."),
}).transform(({ timeout, deadlinePerUp }) => ({
  timeoutSeconds: timeout,
  deadlinePerUpSeconds: deadlinePerUp,
}));

/** One entry of `changeover:pools`, before defaults that depend on the cluster. */
export const poolSchema = closed({
  version: versionText()
    .optional()
    .describe(
      "Version of its kubelets; the cluster's own when absent, one minor less while the stage is emulated.",
    ),
  size: sizeSchema,
  ...machineShape,
  perZone: z
    .boolean()
    .default(false)
    .describe(
      "One pool for each of `zones`, called <name>-<zone>, each with these settings and a migration of its own; on eks, gke, aks and lab. `size` counts per zone: {min: 1, max: 3} over three zones is 3 to 9 nodes. Settings of one zone alone need a block of its own, called <name>-<zone>: it is the same pool.",
    ),
  strategy: strategySchema.prefault({}),
  drain: drainSchema.prefault({}),
  hold: z
    .boolean()
    .default(false)
    .describe("Keeps the present generation as it is, so that other pools can finish."),
  remove: z
    .boolean()
    .default(false)
    .describe("Empties the pool on purpose; once that is done its entry may go."),
  protect: z
    .boolean()
    .optional()
    .describe("The engine itself refuses to delete its generations. Default: true when staged, else false."),
  adopt: adoptPoolSchema
    .optional()
    .describe("Existing machines that are this pool's first generation; on eks, gke and aks."),
  expects: expects()
    .optional()
    .describe(
      "Devices that each node must offer before a new generation counts as proven, such as {nvidia.com/gpu: 1}. Not part of its identity.",
    ),
  retiring: z.array(retiringSchema).default([]).describe("Generations being left, in staged mode."),
});

export type PoolEntry = z.output<typeof poolSchema>;

/** A pool with every default filled in. `size`, `strategy`, `drain`, `expects` and the switches change in place; the rest is identity. */
export type PoolSpec = Readonly<Omit<PoolEntry, "version" | "protect" | "perZone">> & {
  readonly name: string;
  /** The block in config that says this, where that stands for one pool a zone; else its name is the block's. */
  readonly block?: string;
  readonly version: string;
  readonly protect: boolean;
};

/** The block of config that a pool's settings stand in. */
export const blockOf = ({ name, block }: Pick<PoolSpec, "name" | "block">): string => block ?? name;
