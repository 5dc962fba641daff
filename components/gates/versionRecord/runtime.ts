import { ProblemError } from "../../../core/problem";
import { servesVersion } from "../../../core/upgrade/complete";
import { checkControlPlaneChange } from "../../../core/upgrade/controlPlaneChange";
import type { KubeClient } from "../../../kube";
import { clusterUid } from "../../../kube/version";
import { observeVersion } from "../../../operations/observe/cluster";
import { recordControlPlane } from "../../../operations/ledger/store";
import { mustReach } from "../host/mustReach";
import type { GateRuntime } from "../host/runtime";
import { whereThere } from "../host/stale";
import type { VersionRecordInputs, VersionRecordOutputs } from "./protocol";

/** The version reached. Its check() sees the record before this change, in preview too; policies read `fromVersion`. */
export const runtime: GateRuntime<VersionRecordInputs, VersionRecordOutputs> = {
  outputs: ["outcome"],
  check: (inputs, olds) => {
    const from = cameFrom(inputs, olds);
    const problem = checkControlPlaneChange(
      { version: from.fromVersion, stage: from.fromStage },
      { version: inputs.version, stage: inputs.stage },
    );
    return Promise.resolve({
      inputs: { ...inputs, ...from },
      problems: problem === undefined ? [] : [problem],
    });
  },
  isStale: (outputs, _inputs, context) =>
    whereThere(context, async kube => {
      const live = await observeVersion(kube, context.signal);
      return live.binary !== outputs.outcome.binary || (await clusterUid(kube)) !== outputs.outcome.uid;
    }),
  apply: async (inputs, olds, context) => {
    const kube = await mustReach(inputs, context);
    const uid = await pinned(kube, olds);
    const live = await observeVersion(kube, context.signal);
    if (!servesVersion(live, inputs))
      throw new ProblemError("version not reached", [notReached(inputs, live.binary)]);
    const reached = { version: inputs.version, stage: inputs.stage };
    await recordControlPlane(kube, { uid, reached }, context.signal);
    return { ...inputs, outcome: { uid, binary: live.binary, serves: live.emulated ?? live.binary } };
  },
};

/** Stable on later runs: once reached, the way here stays on record, so there is no perpetual diff. */
const cameFrom = (inputs: VersionRecordInputs, olds: VersionRecordInputs | undefined) => {
  if (olds === undefined) return { fromVersion: inputs.version, fromStage: inputs.stage };
  const moved = olds.version !== inputs.version || olds.stage !== inputs.stage;
  if (moved) return { fromVersion: olds.version, fromStage: olds.stage };
  return { fromVersion: olds.fromVersion ?? inputs.version, fromStage: olds.fromStage ?? inputs.stage };
};

const pinned = async (kube: KubeClient, olds: VersionRecordOutputs | undefined): Promise<string> => {
  const uid = await clusterUid(kube);
  const known = olds?.outcome.uid;
  if (known === undefined || known === uid) return uid;
  throw new ProblemError("this is another cluster", [anotherCluster(known, uid)]);
};

const anotherCluster = (known: string, found: string) => ({
  code: "VersionRecord.AnotherCluster" as const,
  path: "cluster",
  message: `this stack is bound to the cluster with UID ${known}; the connection now leads to ${found}`,
  fix: "point the connection at the right cluster; for a cluster made anew on purpose, start a new stack",
});

const notReached = (inputs: VersionRecordInputs, found: string) => ({
  code: "VersionRecord.NotReached" as const,
  path: "cluster.version",
  message: `the control plane reports ${found}; wanted ${inputs.version} (${inputs.stage})`,
  fix: "run `pulumi up` again; if it persists look at the control plane's own log",
});
