import type { Nodegroup } from "@aws-sdk/client-eks";
import { present } from "../../../../core/config/existing";

/** What EKS gives a node group that says nothing (API_CreateNodegroup: diskSize). */
const DISK_GIB = 20;

/** What else config says of machines, left out where it is what a new group would have anyway. */
export const shapeOf = ({ capacityType, diskSize = DISK_GIB, launchTemplate }: Nodegroup): object => ({
  ...(capacityType === "SPOT" ? { capacity: "spot" } : {}),
  ...(launchTemplate === undefined
    ? present("diskGiB", diskSize === DISK_GIB ? undefined : diskSize)
    : { launchTemplate: `${launchTemplate.id ?? ""}/${launchTemplate.version ?? ""}` }),
});
