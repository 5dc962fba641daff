import type { z } from "zod";
import { closed } from "./closed";
import type { ClusterSpec } from "./cluster";
import { duration } from "./duration";

/**
 * `changeover:soak`: how long health must hold, unbroken, after validation. A pool's first generation takes over from
 * nobody and is looked at once. Hours belong between two `up`s.
 */
export const soakSchema = (cloud: ClusterSpec["cloud"]) =>
  closed({
    duration: duration()
      .default(cloud === "lab" ? 5 : 60)
      .describe("Length of the soak within one `up`."),
  }).transform(({ duration: seconds }) => ({ seconds }));

export type SoakSpec = Readonly<z.output<ReturnType<typeof soakSchema>>>;
