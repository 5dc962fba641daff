import { randomUUID } from "node:crypto";
import { openKube, type KubeClient } from "../../../kube";
import { liveOf } from "../../clouds/live";
import type { GateInputs } from "../protocol";
import { processSignal } from "./cancel";
import { sayOnRow } from "./row";
import type { GateContext } from "./runtime";

const run = randomUUID();
let signal: AbortSignal | undefined;
const clients = new Map<string, Promise<KubeClient>>();

/** The context of one call. Clients are shared by all gates of the process. */
export const contextFor = (inputs: GateInputs): GateContext => {
  signal ??= processSignal();
  const live = liveOf(inputs.connection.cloud);
  return {
    signal,
    run,
    now: Date.now,
    log: line => sayOnRow(inputs, line),
    live,
    isThere: async connection => (await liveOf(connection.cloud).access(connection)) !== "absent",
    reach: async (connection = inputs.connection) => {
      const access = await liveOf(connection.cloud).access(connection);
      if (access === "absent") return "absent";
      return clientFor(`${access.kubeconfig}#${access.context ?? ""}`, access);
    },
  };
};

const clientFor = (key: string, access: { kubeconfig: string; context?: string }): Promise<KubeClient> => {
  const known = clients.get(key);
  if (known !== undefined) return known;
  const opened = openKube(access);
  clients.set(key, opened);
  opened.catch(() => clients.delete(key));
  return opened;
};
