import type { Mishap } from "../story";
import { newPod } from "./controllers";
import { editBudget } from "./disruption";
import { evict } from "./eviction";
import { bind, deletePod } from "./kubelet";
import {
  isActive,
  type LivePod,
  podsOf,
  removeBudget,
  removeNode,
  removePod,
  type Server,
  tellWorkload,
  writeNode,
  writePod,
} from "./objects";

type Of<K extends Mishap["kind"]> = Extract<Mishap, { kind: K }>;

/** How long a node stays silent before its pods are deleted. */
const TAINT_EVICTION_MS = 5_000;

const scale = (server: Server, name: string, replicas: number): void => {
  const workload = server.workloads.get(name);
  if (workload === undefined) return;
  workload.replicas = replicas;
  tellWorkload(server, workload, "world");
};

const podsOn = (server: Server, node: string): readonly LivePod[] =>
  [...server.pods.values()].filter(pod => pod.node === node);

const loseNode = (server: Server, { node: name, forMs }: Of<"loseNode">): void => {
  const node = server.nodes.get(name);
  if (node === undefined) return;
  server.lost.add(name);
  writeNode(server, { ...node, ready: false }, "world");
  for (const pod of podsOn(server, name)) if (pod.ready) writePod(server, { ...pod, ready: false }, "world");
  server.clock.after(Math.min(TAINT_EVICTION_MS, forMs), () => {
    for (const pod of podsOn(server, name)) deletePod(server, pod.uid, "world");
  });
  server.clock.after(forMs, () => {
    removeNode(server, name);
    for (const pod of podsOn(server, name)) removePod(server, pod.uid, "world");
  });
};

/** Somebody else who drains blue too, as kubectl does: names from a list, and one try each. */
const foreignDrain = (server: Server, { pods }: Of<"foreignDrain">): void => {
  const candidates = [...server.pods.values()].filter(
    pod =>
      pod.node?.startsWith("blue") === true &&
      isActive(pod) &&
      pod.owner?.kind !== "DaemonSet" &&
      !pod.mirror,
  );
  for (let sent = 0; sent < pods && candidates.length > 0; sent++) {
    const [pod] = candidates.splice(Math.floor(server.random() * candidates.length), 1);
    if (pod !== undefined)
      server.clock.after(sent * 20, () =>
        evict(server, { ...pod, cause: "foreign", resourceVersion: undefined }, () => undefined),
      );
  }
};

/** A pod that was bound a moment before the scheduler saw the cordon. */
const latePod = (server: Server, { workload: name, node }: Of<"latePod">): void => {
  const workload = server.workloads.get(name);
  if (workload === undefined || !server.nodes.has(node) || server.lost.has(node)) return;
  scale(server, name, workload.replicas + 1);
  const pod = newPod(server, workload.spec, `${name}-late`);
  if ([...server.pods.values()].some(one => one.name === pod.name)) return;
  writePod(server, pod, "world");
  bind(server, pod.uid, { node, cause: "world" });
};

const flap = (server: Server, { workload, forMs }: Of<"flap">): void => {
  const ready = podsOf(server, workload).filter(pod => pod.ready && isActive(pod));
  const pod = ready[Math.floor(server.random() * ready.length)];
  if (pod === undefined) return;
  writePod(server, { ...pod, ready: false }, "world");
  server.clock.after(forMs, () => {
    const now = server.pods.get(pod.uid);
    const silent = now?.node !== undefined && server.lost.has(now.node);
    if (now !== undefined && isActive(now) && !silent) writePod(server, { ...now, ready: true }, "cluster");
  });
};

const uncordon = (server: Server, { node: name }: Of<"uncordon">): void => {
  const node = server.nodes.get(name);
  if (node !== undefined) writeNode(server, { ...node, unschedulable: false }, "world");
};

/** What befalls the cluster itself; what befalls the process or its connections is not in here. */
const befall = (server: Server, mishap: Mishap): void => {
  switch (mishap.kind) {
    case "editBudget":
      editBudget(server, mishap.budget, mishap.rule);
      break;
    case "dropBudget":
      removeBudget(server, mishap.budget);
      break;
    case "scale":
      scale(server, mishap.workload, mishap.replicas);
      break;
    case "loseNode":
      loseNode(server, mishap);
      break;
    case "foreignDrain":
      foreignDrain(server, mishap);
      break;
    case "uncordon":
      uncordon(server, mishap);
      break;
    case "latePod":
      latePod(server, mishap);
      break;
    case "flap":
      flap(server, mishap);
      break;
    default:
  }
};

export const scheduleMishaps = (server: Server): void => {
  for (const mishap of server.story.mishaps) server.clock.after(mishap.at, () => befall(server, mishap));
};
