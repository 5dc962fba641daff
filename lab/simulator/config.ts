import { createHash } from "node:crypto";
import { NODE_STAGES } from "./nodeStages";
import { POD_STAGES } from "./podStages";

const OPTIONS = {
  apiVersion: "config.kwok.x-k8s.io/v1alpha1",
  kind: "KwokConfiguration",
  options: {
    podPlayStageParallelism: 16,
    nodePlayStageParallelism: 8,
    nodeLeaseParallelism: 8,
    podsOnNodeSyncParallelism: 4,
    enableDebuggingHandlers: false,
  },
};

/** The simulator's whole configuration: JSON documents, which YAML readers take. */
export const describeSimulator = (): string =>
  [OPTIONS, ...NODE_STAGES, ...POD_STAGES].map(document => JSON.stringify(document)).join("\n---\n");

/** Part of the file's name, so that new rules show as a new command line. */
export const fingerprint = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 10);
