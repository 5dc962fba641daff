import { describeProblem, ProblemError } from "../../../core/problem";
import { mustReach } from "../../gates/host/mustReach";
import type { GateContext, GateRuntime } from "../../gates/host/runtime";
import { findingsOf, invite, isOpened, lookInPlace, toJoin, toUpgrade } from "./live";
import type { KubeadmMachinesInputs, KubeadmMachinesOutputs } from "./protocol";

/** Before anything changes every machine that something will be done on is looked at; invitations follow in `up`. */
export const runtime: GateRuntime<KubeadmMachinesInputs, KubeadmMachinesOutputs> = {
  outputs: ["outcome"],
  check: async (inputs, _olds, context) => ({ inputs, problems: await look(inputs, context) }),
  isStale: async (_outputs, inputs, context) => {
    const kube = await mustReach(inputs, context);
    if (inputs.generation === undefined) return (await toUpgrade(kube, inputs, context.signal)).length > 0;
    if (await isOpened(kube, inputs, context.signal)) return false;
    return (await toJoin(kube, inputs, context.signal)).length > 0;
  },
  apply: async (inputs, _olds, context) => {
    const kube = await mustReach(inputs, context);
    const problems = await lookAtDrains(inputs, { ...context, log: () => undefined });
    if (problems.length > 0) throw new ProblemError("a machine would not be drained as was said", problems);
    const invited = await invite(kube, inputs, context.signal);
    if (invited.length > 0) context.log(`invited to join: ${invited.join(", ")}`);
    return { ...inputs, outcome: { invited } };
  },
};

/** A cluster that can't be asked is UpgradeGate's to refuse: here nothing is known of what its machines shall do. */
const look = async (inputs: KubeadmMachinesInputs, context: GateContext) => {
  try {
    const found = await findingsOf(await mustReach(inputs, context), inputs, context.signal);
    for (const warning of found.warnings) context.log(`warning: ${describeProblem(warning)}`);
    return [...found.blockers, ...(await lookAtDrains(inputs, context))];
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
    context.log(`machines not checked: ${error instanceof Error ? error.message : String(error)}`);
    return [];
  }
};

/** Machines of the control plane are drained where they stand: what that does to workloads is said, or refused. */
const lookAtDrains = async (inputs: KubeadmMachinesInputs, context: GateContext) => {
  if (inputs.generation !== undefined) return [];
  const kube = await mustReach(inputs, context);
  const { problems, told } = await lookInPlace(kube, { ...inputs, now: context.now() }, context.signal);
  for (const line of told) context.log(line);
  return problems;
};
