import { ProblemError } from "../../../core/problem";
import { servesVersion } from "../../../core/upgrade/complete";
import { checkControlPlaneChange } from "../../../core/upgrade/controlPlaneChange";
import { takenBack } from "../../../core/upgrade/move";
import { stateOf } from "../../../core/upgrade/situation";
import { compareMinor, matchesVersion, parseKubeVersion } from "../../../core/version/kubeVersion";
import type { KubeClient } from "../../../kube";
import { clusterUid } from "../../../kube/version";
import { observeVersion } from "../../../operations/observe/cluster";
import { readLedger, recordControlPlane } from "../../../operations/ledger/store";
import { isOutage } from "../../../operations/preflight/outage";
import { bindTo, checkBound } from "../../../operations/preflight/sameCluster";
import { mustReach } from "../host/mustReach";
import type { GateContext, GateRuntime } from "../host/runtime";
import { whereThere } from "../host/stale";
import type { VersionRecordInputs, VersionRecordOutputs } from "./protocol";

/**
 * The version reached, after the step that the cloud's provider could not take: then nothing is left between asked for
 * and reached. Its check() sees the record before this change, in preview too; policies read
 * `fromVersion`.
 */
export const runtime: GateRuntime<VersionRecordInputs, VersionRecordOutputs> = {
  outputs: ["outcome"],
  learned: ["clusterUid"],
  check: async (inputs, olds, context) => {
    const from = await cameFrom(inputs, olds, context);
    const { fromVersion: version, fromStage: stage, ...back } = from;
    const problem = checkControlPlaneChange(
      { version, stage, ...back },
      { version: inputs.version, stage: inputs.stage },
    );
    const bound = bindTo(olds?.clusterUid, await uidOf(context));
    return {
      inputs: { ...inputs, ...from, ...bound.learned },
      problems: [...bound.problems, ...(problem === undefined ? [] : [problem])],
    };
  },
  isStale: (outputs, _inputs, context) =>
    whereThere(context, async kube => {
      const live = await observeVersion(kube, context.signal);
      return live.binary !== outputs.outcome.binary || (await clusterUid(kube)) !== outputs.outcome.uid;
    }),
  apply: async (inputs, olds, context) => {
    const kube = await mustReach(inputs, context);
    const uid = await pinned(kube, olds);
    const settled = await settle(inputs, context);
    const live = await observeVersion(kube, context.signal);
    if (!servesVersion(live, inputs))
      throw new ProblemError("version not reached", [notReached(inputs, live.binary)]);
    const at = new Date(context.now()).toISOString();
    const reached = { version: inputs.version, stage: inputs.stage, at };
    await recordControlPlane(kube, { uid, reached }, context.signal);
    return {
      ...inputs,
      outcome: { uid, binary: live.binary, serves: live.emulated ?? live.binary, ...settled },
    };
  },
};

const settle = async (
  { connection, version, stage, soakSeconds }: VersionRecordInputs,
  { live, log, signal }: GateContext,
): Promise<{ readonly backUntil?: string }> => {
  const soak = soakSeconds === undefined ? {} : { soakSeconds };
  const settled = await live.settleStage?.({ connection, version, stage, ...soak, log, signal });
  if (settled?.backUntil !== undefined)
    log(`the way back is open until ${settled.backUntil}; then the cloud completes the upgrade by itself`);
  return settled ?? {};
};

type CameFrom = Required<Pick<VersionRecordInputs, "fromVersion" | "fromStage">> &
  Pick<VersionRecordInputs, "backTo">;

/** Stable on later runs: once reached, the way here stays on record, so there is no perpetual diff. */
const cameFrom = async (
  inputs: VersionRecordInputs,
  olds: VersionRecordInputs | undefined,
  context: GateContext,
): Promise<CameFrom> => {
  if (olds === undefined) return { fromVersion: inputs.version, fromStage: inputs.stage };
  const moved = olds.version !== inputs.version || olds.stage !== inputs.stage;
  if (moved)
    return { fromVersion: olds.version, fromStage: olds.stage, ...(await wayBack(inputs, olds, context)) };
  return {
    fromVersion: olds.fromVersion ?? inputs.version,
    fromStage: olds.fromStage ?? inputs.stage,
    ...(olds.backTo === undefined ? {} : { backTo: olds.backTo }),
  };
};

/** The minor that the cloud takes it back to now, by the live cluster; also when an `up` that took it there ended early. */
const wayBack = async (
  { backWithinDays, version }: VersionRecordInputs,
  olds: VersionRecordInputs,
  context: GateContext,
): Promise<Pick<CameFrom, "backTo">> => {
  if (backWithinDays === undefined || !isLower(version, olds.version)) return {};
  const kube = await context.reach();
  if (kube === "absent") return {};
  const [seen, ledger] = await Promise.all([
    observeVersion(kube, context.signal),
    readLedger(kube, context.signal),
  ]);
  const back = { controlPlaneBack: { withinDays: backWithinDays } };
  const live = stateOf({ version: seen, ledger }, back, { now: new Date(context.now()).toISOString() });
  if (live === undefined) return {};
  return matchesVersion(live.version, version) ? { backTo: version } : takenBack(live, version);
};

const isLower = (version: string, than: string): boolean => {
  const [wants, has] = [parseKubeVersion(version), parseKubeVersion(than)];
  return wants.ok && has.ok && compareMinor(wants.value, has.value) < 0;
};

/** undefined = no cluster yet, or it does not answer: apply() looks again. */
const uidOf = async (context: GateContext): Promise<string | undefined> => {
  try {
    const kube = await context.reach();
    return kube === "absent" ? undefined : await clusterUid(kube, { signal: context.signal });
  } catch (error) {
    if (isOutage(error)) return undefined;
    throw error;
  }
};

const pinned = async (kube: KubeClient, olds: VersionRecordOutputs | undefined): Promise<string> => {
  const uid = await clusterUid(kube);
  const problems = checkBound(olds?.outcome.uid, uid);
  if (problems.length > 0) throw new ProblemError("this is another cluster", problems);
  return uid;
};

const notReached = (inputs: VersionRecordInputs, found: string) => ({
  code: "VersionRecord.NotReached" as const,
  path: "cluster.version",
  message: `the control plane reports ${found}; wanted ${inputs.version} (${inputs.stage})`,
  fix: "run `pulumi up` again; if it persists look at the control plane's own log",
});
