import type { BudgetFact, PodFact } from "../../../../core/drain/facts";
import { planFence } from "../../../../operations/drain/fence";
import type { NodeChange, NodeView } from "../../../../kube";
import { startRandom, type VirtualClock } from "../clock";
import type { Story, StoryBudget, StoryWorkload } from "../story";
import { newPod, startControllers } from "./controllers";
import { startDisruptionController } from "./disruption";
import {
  addAttachment,
  appOf,
  BLUE,
  type LiveBudget,
  type LivePod,
  removeAttachment,
  NAMESPACE,
  newNode,
  nextVersion,
  type Server,
  writeNode,
} from "./objects";

const FOREIGN_TAINT = { key: "team", value: "shop", effect: "PreferNoSchedule" };

const addNodes = (server: Server): void => {
  const { blue, green } = server.story;
  for (let index = 0; index < blue; index++) {
    // Every third blue node carries a taint of somebody else, and every fourth was cordoned by its admin.
    const taints = index % 3 === 2 ? [FOREIGN_TAINT] : [];
    const node = newNode(`blue-${index}`, BLUE.pool, taints);
    server.nodes.set(node.name, { ...node, unschedulable: index % 4 === 3 });
  }
  for (let index = 0; index < green; index++) {
    const node = newNode(`green-${index}`, "green", []);
    server.nodes.set(node.name, node);
  }
};

export const applyNodeChange = (node: NodeView, change: NodeChange): NodeView => {
  const annotations = Object.entries({ ...node.annotations, ...change.annotations }).filter(
    (entry): entry is [string, string] => entry[1] !== null,
  );
  return {
    ...node,
    unschedulable: change.unschedulable ?? node.unschedulable,
    taints: change.taints ?? node.taints,
    annotations: Object.fromEntries(annotations),
  };
};

/** What the product writes on a node it is about to empty. */
export const fenceNode = (server: Server, name: string, run: string): void => {
  const node = server.nodes.get(name);
  if (node === undefined) return;
  const change = planFence(node, { run, cordon: true, now: () => server.clock.now() });
  writeNode(server, applyNodeChange(node, change), "us");
};

const placeOf = (server: Server, spec: StoryWorkload, index: number): string => {
  const { blue, green } = server.story;
  const onGreen = index < (spec.onGreen ?? 0) && green > 0;
  const nodes = onGreen ? green : blue;
  return `${onGreen ? "green" : "blue"}-${Math.floor(server.random() * nodes)}`;
};

const settle = (server: Server, spec: StoryWorkload): void => {
  server.workloads.set(spec.name, { spec, replicas: spec.replicas });
  for (let index = 0; index < spec.replicas; index++) {
    const node = placeOf(server, spec, index);
    const broken = node.startsWith("blue") && index - (spec.onGreen ?? 0) < (spec.broken ?? 0);
    const made = newPod(server, spec, `${spec.name}-${index}`);
    const pod: PodFact = { ...made, node, phase: "Running", ready: !broken, createdAt: 0 };
    const live = { ...pod, resourceVersion: nextVersion(server) };
    server.pods.set(pod.uid, live);
    if (spec.detachMs !== undefined) addAttachment(server, live);
  }
};

const newBudget = (server: Server, rule: StoryBudget): LiveBudget => {
  const values = [...rule.selects];
  const fact: BudgetFact = {
    uid: `pdb-${rule.name}`,
    namespace: NAMESPACE,
    name: rule.name,
    resourceVersion: nextVersion(server),
    selector: { matchExpressions: [{ key: "app", operator: "In", values }] },
    alwaysAllowUnhealthy: rule.alwaysAllow === true,
    observed: true,
    allowed: 0,
    expected: 0,
    healthy: 0,
    needed: 0,
    disruptedPods: [],
  };
  return { rule, generation: 1, observedGeneration: 1, disrupted: new Map(), fact };
};

/** Volumes of pods that are gone are let go of a while later. */
const startDetaching = (server: Server): void => {
  server.listeners.push(({ kind, gone, fact }) => {
    if (kind !== "pod" || !gone || !server.attachments.has(fact.uid)) return;
    const { detachMs = 0 } = server.workloads.get(appOf(fact as LivePod))?.spec ?? {};
    server.clock.after(detachMs, () => removeAttachment(server, fact.uid));
  });
};

/** A control plane with its controllers, scheduler and kubelets, as far as a drain can notice them. */
export const startServer = (clock: VirtualClock, story: Story): Server => {
  const server: Server = {
    clock,
    random: startRandom(story.seed),
    story,
    startedAt: clock.now(),
    pods: new Map(),
    budgets: new Map(),
    workloads: new Map(),
    nodes: new Map(),
    attachments: new Map(),
    lost: new Set(),
    listeners: [],
    seq: 0,
  };
  addNodes(server);
  for (const spec of story.workloads) settle(server, spec);
  for (const rule of story.budgets) server.budgets.set(rule.name, newBudget(server, rule));
  startDisruptionController(server);
  startControllers(server);
  startDetaching(server);
  return server;
};
