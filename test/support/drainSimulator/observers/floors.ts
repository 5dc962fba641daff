import type { MakeObserver, Post, Stage } from "../client/stage";
import { isActive, type LivePod, podsOf, type Written } from "../server/objects";
import { downAtOnce, floorOfRule, isDown } from "./arithmetic";
import { appOf } from "../server/objects";

/** Accidents, people and other drainers: what a floor may be broken by without our doing. */
type Trouble = Pick<Written, "seq" | "at" | "kind"> & { readonly apps: readonly string[] };

const troubleOf = (stage: Stage, written: Written): Trouble | undefined => {
  if (written.cause === "us" || written.cause === "cluster" || written.kind === "node") return undefined;
  const { seq, at, kind, fact } = written;
  if (kind === "pod") return { seq, at, kind, apps: [appOf(fact as LivePod)] };
  if (kind === "workload") return { seq, at, kind, apps: [fact.name] };
  const rule = stage.server.story.budgets.find(({ name }) => name === fact.name);
  return { seq, at, kind, apps: rule?.selects ?? [] };
};

const upOf = (stage: Stage, apps: readonly string[]): number =>
  apps.flatMap(app => podsOf(stage.server, app)).filter(pod => isActive(pod) && !isDown(pod)).length;

const wantedOf = (stage: Stage, apps: readonly string[]): number =>
  apps.reduce((sum, app) => sum + (stage.server.workloads.get(app)?.replicas ?? 0), 0);

const STARVED_MS = 20_000;

/** I3, for the moment when an eviction takes a Ready pod: what stays up is what the budget asks for. */
export const floors: MakeObserver = (stage, violate) => {
  const troubles: Trouble[] = [];
  const { pace } = stage.server.story;
  const counted = new Map<string, number>();
  /** The server decides by its controller's last count, and evictions in a row keep that from being renewed. */
  const isUncounted = (at: number, budget: string): boolean => {
    const now = stage.server.clock.now();
    const count = (counted.get(budget) ?? 0) - pace.disruptionMs;
    return now - at < STARVED_MS && (at >= count || now - at <= 2 * pace.disruptionMs + 50);
  };

  const checkPdb = (pod: LivePod): boolean => {
    const app = appOf(pod);
    const budget = [...stage.server.budgets.values()].find(({ rule }) => rule.selects.includes(app));
    if (budget === undefined) return false;
    const { selects } = budget.rule;
    const own = floorOfRule(budget.rule, wantedOf(stage, selects));
    // A workload without any pod at the moment is not counted by the controller, as in a real cluster.
    const floor = selects.length > 1 ? Math.min(own, budget.fact.needed) : own;
    const up = upOf(stage, selects);
    const recent = troubles.some(
      ({ at, apps }) => apps.some(one => selects.includes(one)) && isUncounted(at, budget.rule.name),
    );
    if (up < floor && !recent)
      violate("I3", `PDB ${budget.rule.name} needs ${floor}, has ${up} after ${pod.name}`);
    return true;
  };

  const checkOwn = (pod: LivePod, post: Post): void => {
    const app = appOf(pod);
    const workload = stage.server.workloads.get(app);
    if (workload === undefined) return;
    const limit = downAtOnce(workload.spec.kind, workload.replicas);
    const missing = workload.replicas - upOf(stage, [app]);
    const unknown = troubles.some(({ seq, kind, apps }) => apps.includes(app) && seq > post.knew[kind]);
    if (missing > limit && !unknown)
      violate(
        "I3",
        `${app} (no PDB) misses ${missing} of ${workload.replicas}, limit ${limit}, after ${pod.name}`,
      );
  };

  return {
    written: written => {
      const trouble = troubleOf(stage, written);
      if (trouble !== undefined) troubles.push(trouble);
      if (written.kind === "budget" && written.cause === "cluster")
        counted.set(written.fact.name, written.at);
    },
    committed: (post, reply) => {
      if (!reply.ok || !reply.fresh || !reply.pod.ready) return;
      if (!checkPdb(reply.pod)) checkOwn(reply.pod, post);
    },
  };
};
