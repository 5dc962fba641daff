import type { ClusterSpec } from "../../core/config";
import type { CloudLive } from "../../operations/ports";
import { labLive } from "./lab/live";
import { notYet } from "./notYet";

/** The run-time half of a cloud. */
export const liveOf = (cloud: ClusterSpec["cloud"]): CloudLive => (cloud === "lab" ? labLive : notYet(cloud));
