import type { NodeView } from "../../../../kube";
import { planOpen } from "../../../../operations/drain/fence";
import { isMovable, isOnBlue, type MakeObserver } from "../client/stage";
import { applyNodeChange } from "../server/server";
import { isEvictable } from "./arithmetic";
import { expectationOf } from "./expectation";
import { appOf, type FactOf, type Server, type Written } from "../server/objects";

/** Volumes on blue nodes whose pods were to move; those of pods that stay go with their node. */
const hangingOn = ({ attachments, nodes, pods }: Server): readonly FactOf["attachment"][] =>
  [...attachments]
    .filter(([uid, { node }]) => {
      const pod = pods.get(uid);
      return node.startsWith("blue") && nodes.has(node) && (pod === undefined || isMovable(pod));
    })
    .map(([, fact]) => fact);

const isOpenBlue = ({ name, unschedulable }: NodeView): boolean => name.startsWith("blue") && !unschedulable;

/** I6: "drained" means that nothing movable is left on blue and nothing can come, as far as could be known. */
export const emptied: MakeObserver = (stage, violate) => {
  const last = new Map<string, Written>();
  const heard = (uid: string): boolean => {
    const written = last.get(uid);
    if (written === undefined) return true;
    const known = stage.known(written.kind).find(fact => fact.uid === uid);
    return known?.resourceVersion === written.fact.resourceVersion;
  };
  return {
    written: written => last.set(written.fact.uid, written),
    ended: outcome => {
      if (outcome?.kind !== "drained") return;
      const pods = [...stage.server.pods.values()].filter(pod => isOnBlue(pod) && isMovable(pod));
      const nodes = [...stage.server.nodes.values()].filter(isOpenBlue);
      for (const pod of pods.filter(({ uid }) => heard(uid))) violate("I6", `${pod.name} is still there`);
      const known = new Set(stage.known("attachment").map(({ uid }) => uid));
      // What is still there has been known since the start, unless a watch never listed it.
      for (const { name, node } of hangingOn(stage.server).filter(({ uid }) => known.has(uid)))
        violate("I6", `${name} is still attached to ${node}`);
      for (const node of nodes.filter(({ uid }) => heard(uid))) violate("I6", `${node.name} is open`);
    },
  };
};

const shapeOf = ({ unschedulable, taints, annotations, labels }: NodeView): string =>
  JSON.stringify([unschedulable, taints, annotations, labels]);

const snapshot = (server: Server): ReadonlyMap<string, string> =>
  new Map([...server.nodes.values()].map(node => [node.name, shapeOf(node)]));

/** I7: given back, every node is what it was before the first mark. */
export const givenBack: MakeObserver = (stage, violate) => {
  const before = snapshot(stage.server);
  const touched = new Set<string>();
  return {
    written: ({ kind, fact, cause }) => {
      if (kind === "node" && cause === "world") touched.add(fact.name);
    },
    ended: () => {
      for (const node of stage.server.nodes.values()) {
        const open = applyNodeChange(node, planOpen(node));
        if (touched.has(node.name)) continue;
        if (shapeOf(open) !== before.get(node.name))
          violate("I7", `${node.name} was ${before.get(node.name)}, is given back as ${shapeOf(open)}`);
      }
    },
  };
};

/** Pods that could have moved and have not. */
const forgotten = (server: Server, stuck: readonly string[]): readonly string[] =>
  [...server.pods.values()]
    .filter(pod => isOnBlue(pod) && isMovable(pod))
    .filter(pod => {
      const spec = server.workloads.get(appOf(pod))?.spec;
      return spec !== undefined && isEvictable(spec) && !stuck.includes(spec.name);
    })
    .map(({ name }) => name);

/** The run ends, as it must; and what can move has moved, whatever blocks the rest. */
export const finished: MakeObserver = (stage, violate) => ({
  ended: outcome => {
    const { outcomes, stuck } = expectationOf(stage.server.story);
    if (outcome === undefined) violate("END", "the run never ended");
    if (outcome === undefined || outcomes === "any") return;
    if (!outcomes.includes(outcome.kind))
      violate("END", `${outcome.kind} instead of ${outcomes.join(" or ")}: ${JSON.stringify(outcome)}`);
    const left = outcome.kind === "blocked" ? forgotten(stage.server, stuck) : [];
    if (left.length > 0) violate("END", `could have moved: ${left.join()}`);
  },
});
