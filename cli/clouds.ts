/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports
   -- only commands that ask a cloud load its adapter and SDK (docs/adr/0007) */
import type { ClusterSpec } from "../core/config";
import type { CloudLive, CloudStock } from "../operations/ports";

export const liveOf = (cloud: ClusterSpec["cloud"]): CloudLive =>
  (require("../components/clouds/live") as typeof import("../components/clouds/live")).liveOf(cloud);

export const stockOf = (cloud: ClusterSpec["cloud"]): CloudStock =>
  (require("../components/clouds/live") as typeof import("../components/clouds/live")).stockOf(cloud);
