import { z } from "zod";
import { closed } from "./closed";
import type { ClusterSpec } from "./cluster";
import { duration } from "./duration";

/** `changeover:health`: what "no worse than before" allows. */
export const healthSchema = (cloud: ClusterSpec["cloud"]) =>
  closed({
    maxNotReadyNodes: z
      .int()
      .min(0)
      .default(0)
      .describe("How many more nodes than before the upgrade may be not Ready."),
    timeout: duration()
      .default(cloud === "lab" ? 120 : 900)
      .describe("How long gates wait for nodes and workloads to be well."),
  }).transform(({ maxNotReadyNodes, timeout }) => ({ maxNotReadyNodes, timeoutSeconds: timeout }));

export type HealthSpec = Readonly<z.output<ReturnType<typeof healthSchema>>>;
