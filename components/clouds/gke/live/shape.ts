import { present } from "../../../../core/config/existing";
import type { GkeNodeConfig } from "./found";

/** What GKE gives a pool that says nothing. */
const DISK_GIB = 100;

/** What else config says of machines, left out where it is what a new pool would have anyway. */
export const shapeOf = ({ spot, diskSizeGb = DISK_GIB }: GkeNodeConfig): object => ({
  ...(spot === true ? { capacity: "spot" } : {}),
  ...present("diskGiB", diskSizeGb === DISK_GIB ? undefined : diskSizeGb),
});
