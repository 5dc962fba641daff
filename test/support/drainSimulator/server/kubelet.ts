import { type Cause, isRepelled, type LivePod, removePod, type Server, writePod } from "./objects";

/** A preference is not a promise: now and then the scheduler takes a node that only wishes to be left alone. */
const IGNORES_WISH = 0.1;
const RETRY_MS = 1_000;

const sinceStart = (server: Server): number => server.clock.now() - server.startedAt;

const readyAfter = (server: Server, pod: LivePod): number => {
  const spec = server.workloads.get(pod.labels["app"] ?? "")?.spec;
  const usual = spec?.startMs ?? 0;
  return Math.max(usual, (spec?.failsUntil ?? 0) - sinceStart(server));
};

const becomeReady = (server: Server, uid: string): void => {
  const pod = server.pods.get(uid);
  if (pod?.deletingSince !== undefined || pod?.node === undefined || server.lost.has(pod.node)) return;
  writePod(server, { ...pod, phase: "Running", ready: true }, "cluster");
};

/** Images and init containers first (Pending), then a container that is not Ready yet (Running). */
const run = (server: Server, pod: LivePod): void => {
  const ms = readyAfter(server, pod);
  server.clock.after(ms / 2, () => {
    const now = server.pods.get(pod.uid);
    if (now?.deletingSince !== undefined || now === undefined || now.ready) return;
    writePod(server, { ...now, phase: "Running" }, "cluster");
  });
  server.clock.after(ms, () => becomeReady(server, pod.uid));
};

const pickNode = (server: Server, pod: LivePod): string | undefined => {
  const tolerates = pod.tolerations.length > 0;
  const open = [...server.nodes.values()].filter(node => !isRepelled(node, tolerates));
  const wished = open.filter(node => node.taints.length === 0);
  const pool = wished.length > 0 && server.random() >= IGNORES_WISH ? wished : open;
  return pool[Math.floor(server.random() * pool.length)]?.name;
};

export const bind = (server: Server, uid: string, to: { node: string; cause: Cause }): void => {
  const pod = server.pods.get(uid);
  if (pod === undefined || pod.node !== undefined || pod.deletingSince !== undefined) return;
  writePod(server, { ...pod, node: to.node }, to.cause);
  const bound = server.pods.get(uid);
  if (bound !== undefined) run(server, bound);
};

export const schedule = (server: Server, uid: string, waitMs: number): void => {
  server.clock.after(waitMs, () => {
    const pod = server.pods.get(uid);
    if (pod === undefined || pod.node !== undefined) return;
    const node = pickNode(server, pod);
    if (node === undefined) schedule(server, uid, RETRY_MS);
    else bind(server, uid, { node, cause: "cluster" });
  });
};

/** A silent kubelet ends nothing: its pods leave only with the Node object. */
const endPod = (server: Server, uid: string): void => {
  const pod = server.pods.get(uid);
  if (pod?.node === undefined || server.lost.has(pod.node)) return;
  removePod(server, uid, "cluster");
};

const lastsMs = (server: Server, pod: LivePod): number => {
  const spec = server.workloads.get(pod.labels["app"] ?? "")?.spec;
  return (spec?.graceMs ?? 0) + (spec?.finalizerMs ?? 0);
};

export const deletePod = (server: Server, uid: string, cause: Cause): void => {
  const pod = server.pods.get(uid);
  if (pod === undefined || pod.deletingSince !== undefined) return;
  if (pod.node === undefined) {
    removePod(server, uid, cause);
    return;
  }
  writePod(server, { ...pod, deletingSince: server.clock.now() }, cause);
  server.clock.after(lastsMs(server, pod), () => endPod(server, uid));
};
