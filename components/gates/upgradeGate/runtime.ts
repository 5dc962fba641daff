import { isDeepStrictEqual } from "node:util";
import { describeProblem, type Problem, ProblemError } from "../../../core/problem";
import { type ControlPlaneMove, stateMove } from "../../../core/upgrade/move";
import { recordBaseline } from "../../../operations/ledger/store";
import { bindTo, checkBound, checkSameCluster } from "../../../operations/preflight/sameCluster";
import { runPreflight, type PreflightReport } from "../../../operations/preflight/preflight";
import type { GateContext, GateRuntime } from "../host/runtime";
import { isPending } from "../host/stale";
import type { UpgradeGateInputs, UpgradeGateOutputs } from "./protocol";

const PREVIEW_DEADLINE_MS = 10_000;

const preflight = (
  inputs: UpgradeGateInputs,
  olds: UpgradeGateInputs | undefined,
  context: GateContext,
): Promise<PreflightReport> =>
  runPreflight(
    { reach: context.reach, now: context.now, live: context.live },
    { ...inputs, edited: !isDeepStrictEqual(olds?.desired.cluster, inputs.desired.cluster) },
    AbortSignal.any([context.signal, AbortSignal.timeout(PREVIEW_DEADLINE_MS)]),
  );

const tell = (report: PreflightReport, context: GateContext): void => {
  if (isUnknown(report)) {
    context.log(`live cluster not checked: ${report.reason}`);
  }
  for (const warning of report.warnings) context.log(`warning: ${describeProblem(warning)}`);
};

/** Nothing answered; where the reason of that is known a blocker says so. */
const isUnknown = ({ checked, blockers }: PreflightReport): boolean =>
  checked === "unreachable" && blockers.length === 0;

/** First of all gates: refuses, with every reason at once, before anything changes. */
export const runtime: GateRuntime<UpgradeGateInputs, UpgradeGateOutputs> = {
  outputs: ["outcome"],
  learned: ["clusterUid"],
  check: async (inputs, olds, context) => {
    const report = await preflight(inputs, olds, context);
    tell(report, context);
    const move = moveOf(report, inputs, olds);
    const another = await checkSameCluster(inputs.connection, olds?.connection, context.isThere);
    const bound = bindTo(olds?.clusterUid, report.uid);
    return {
      inputs: { ...inputs, ...(move === undefined ? {} : { move }), ...bound.learned },
      problems: [...another, ...refusals(report, bound.problems)],
    };
  },
  isStale: (_outputs, { desired }, context) =>
    isPending(
      { version: desired.cluster.version, stage: desired.cluster.stage, generations: desired.generations },
      context,
    ),
  apply: async (inputs, olds, context) => {
    const report = await preflight(inputs, olds, context);
    const strange = checkBound(inputs.clusterUid, report.uid);
    const problems = isUnknown(report) ? [unreachable(report.reason)] : refusals(report, strange);
    if (problems.length > 0 || report.checked === "unreachable")
      throw new ProblemError("upgrade refused", problems);
    const kube = await context.reach();
    if (kube !== "absent") await recordBaseline(kube, inputs.stack, context.signal);
    const warnings = report.warnings.map(warning => warning.code);
    return { ...inputs, outcome: { checked: report.checked, warnings } };
  },
};

/** Of a cluster that is not ours nothing else is worth telling. */
const refusals = ({ blockers }: PreflightReport, strange: readonly Problem[]): readonly Problem[] =>
  strange.length > 0 ? strange : blockers;

/** What policies judge, also in a preview that the rules end here. */
const moveOf = (
  { checked, controlPlane }: PreflightReport,
  { desired }: UpgradeGateInputs,
  olds: UpgradeGateInputs | undefined,
): ControlPlaneMove | undefined => {
  const told = checked === "noClusterYet" || controlPlane !== undefined;
  return told ? stateMove(controlPlane, desired.cluster, olds?.move) : undefined;
};

const unreachable = (reason: string) => ({
  code: "UpgradeGate.Unreachable" as const,
  path: "cluster",
  message: `the live cluster can't be reached, so nothing about it is known: ${reason}`,
  fix: "restore access to the cluster's API and run `pulumi up` again; nothing was changed",
});
