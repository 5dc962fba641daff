import type { CapacityProof } from "../../core/drain/capacity";
import type { NodeSelector } from "../../core/drain/scope";
import type { DrainRules } from "../../core/drain/state";
import { type Problem, ProblemError } from "../../core/problem";
import type { KubeClient } from "../../kube";
import { connectionProblem } from "./access";
import type { DrainRequest } from "./drainNodes";
import { explainDrain, type PodExplanation, readPlan } from "./plan";

export interface ExplainWanted {
  /** A pod (`POD`, `namespace/POD`) or a node, also as `pod/...` and `node/...`. */
  readonly subject: string;
  readonly rules: DrainRules;
  readonly to?: NodeSelector;
  readonly signal?: AbortSignal;
}

/** Why pods would move or not, and whether there is room for all that would leave their nodes. */
export interface Explanation {
  readonly subject: string;
  readonly pods: readonly PodExplanation[];
  /** Absent for pods that are on no node. */
  readonly capacity?: CapacityProof;
}

const unknown = (subject: string): Problem => ({
  code: "Drain.NothingToExplain",
  path: subject,
  message: "neither a pod nor a node of this cluster has that name",
  fix: "name a pod as namespace/name, or a node; `kubectl get pods -A -o wide` lists both",
});

const bareSubject = (subject: string): string => subject.replace(/^(?:pods?|nodes?)\//, "");

const requestOf = (rules: DrainRules, nodes: readonly string[]): DrainRequest => ({
  run: "explain",
  nodes,
  rules,
  cordon: true,
});

const explain = async (kube: KubeClient, wanted: ExplainWanted): Promise<Explanation> => {
  const { rules, to, signal } = wanted;
  const subject = bareSubject(wanted.subject);
  const options = { ...(signal === undefined ? {} : { signal }), ...(to === undefined ? {} : { to }) };
  const pods = await explainDrain(kube, requestOf(rules, []), subject, options);
  const nodes = pods.length === 0 ? [subject] : [...new Set(pods.flatMap(({ node }) => node ?? []))];
  if (nodes.length === 0) return { subject, pods };
  const plan = await readPlan(kube, requestOf(rules, nodes), options);
  if (plan.nodes.length === 0) throw new ProblemError("nothing explained", [unknown(subject)]);
  return { subject, pods, capacity: plan.capacity };
};

/** Changes nothing, and needs only the rights to read. Throws a ProblemError for a name that nothing bears. */
export const runExplainCommand = async (kube: KubeClient, wanted: ExplainWanted): Promise<Explanation> => {
  try {
    return await explain(kube, wanted);
  } catch (error) {
    const problem = connectionProblem(kube.server, error);
    throw problem === undefined ? error : new ProblemError("nothing explained", [problem]);
  }
};
