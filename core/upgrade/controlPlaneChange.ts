import type { Problem } from "../problem";
import {
  addMinors,
  compareMinor,
  compareVersion,
  formatVersion,
  type KubeVersion,
  minorText,
  parseKubeVersion,
} from "../version/kubeVersion";
import { servedMinor } from "../version/poolVersion";
import { SKEW_POLICY_URL } from "../version/skew";

export type Stage = "emulated" | "final";

/** A control plane as it is or shall be: its binaries, and whether they serve their own minor or the previous one. */
export interface ControlPlaneState {
  readonly version: string;
  readonly stage: Stage;
  /** Minor that its cloud takes it back to at this moment, although it is final: "1.35". */
  readonly backTo?: string;
}

interface Move {
  readonly from: KubeVersion;
  readonly fromStage: Stage;
  readonly to: KubeVersion;
  readonly toStage: Stage;
  readonly backTo?: string | undefined;
}

const PATH = "cluster.version";

/** One move of the control plane: never more than one minor up, and down only while the old minor is still served. */
export const checkControlPlaneChange = (
  from: ControlPlaneState,
  to: ControlPlaneState,
): Problem | undefined => checkNoSkip(from, to) ?? checkNoDowngrade(from, to);

/** No minor is skipped, counted from the minor that is *served*: emulation is not yet an arrival. */
export const checkNoSkip = (from: ControlPlaneState, to: ControlPlaneState): Problem | undefined =>
  withMove(from, to, move => {
    const served = servedMinor(move.from, move.fromStage);
    const next = addMinors(served, 1);
    if (compareMinor(move.to, next) <= 0) return undefined;
    const finish = move.fromStage === "emulated";
    return {
      code: "ControlPlane.SkippedMinor",
      path: PATH,
      message: `found "${to.version}" while the control plane serves ${minorText(served)}; it may go to ${minorText(next)} at most, one minor at a time`,
      fix: finish
        ? `first finish the step under way: cluster.version: "${minorText(move.from)}", cluster.stage: final`
        : `set cluster.version: "${minorText(next)}"; \`changeover plan\` prints the whole chain`,
      source: SKEW_POLICY_URL,
    };
  });

/** The way back is open only from an emulating control plane, to the minor it emulates, or where its cloud says so. */
export const checkNoDowngrade = (from: ControlPlaneState, to: ControlPlaneState): Problem | undefined =>
  withMove(from, to, move => {
    const target = servedMinor(move.to, move.toStage);
    const served = servedMinor(move.from, move.fromStage);
    const older = compareMinor(target, served) < 0 || compareMinor(move.to, served) < 0;
    return older && !isTakenBack(move) ? downgrade(move, served) : undefined;
  });

const isTakenBack = ({ to, toStage, backTo }: Move): boolean =>
  toStage === "final" && backTo === minorText(to);

const downgrade = (move: Move, served: KubeVersion): Problem => ({
  code: "ControlPlane.Downgrade",
  path: PATH,
  message: `found ${describeState(move.to, move.toStage)} while the control plane serves ${minorText(served)}; ${whyNot(move)}`,
  fix: `set cluster.version: "${minorText(move.from)}", cluster.stage: ${move.fromStage}; to go back with the workloads set the pools' versions back instead`,
  source: SKEW_POLICY_URL,
});

const whyNot = ({ fromStage }: Move): string =>
  fromStage === "final"
    ? "what the newer minor has written stays in its data, so the way back closed when it became final"
    : "it can go back only to the minor that it emulates";

/** "1.36", or "1.36 emulating 1.35". */
export const describeState = (version: KubeVersion, stage: Stage): string =>
  stage === "final"
    ? formatVersion(version)
    : `${formatVersion(version)} emulating ${minorText(servedMinor(version, stage))}`;

/** Whether this is a step back that is still offered: off the emulating binaries, or by the cloud. */
export const isWayBack = (from: ControlPlaneState, to: ControlPlaneState): boolean => {
  const [has, wants] = [parseKubeVersion(from.version), parseKubeVersion(to.version)];
  if (!has.ok || !wants.ok || compareMinor(wants.value, has.value) >= 0) return false;
  return from.stage === "emulated" || from.backTo === minorText(wants.value);
};

/** Within one minor an older patch is no downgrade of the API, but rarely meant. */
export const isOlderPatch = (from: KubeVersion, to: KubeVersion): boolean =>
  to.patch !== undefined && compareMinor(from, to) === 0 && compareVersion(to, from) < 0;

const withMove = (
  from: ControlPlaneState,
  to: ControlPlaneState,
  check: (move: Move) => Problem | undefined,
): Problem | undefined => {
  const [has, wants] = [parseKubeVersion(from.version), parseKubeVersion(to.version)];
  if (!has.ok) return unreadable(from.version);
  if (!wants.ok) return unreadable(to.version);
  const stages = { fromStage: from.stage, toStage: to.stage, backTo: from.backTo };
  return check({ from: has.value, to: wants.value, ...stages });
};

const unreadable = (found: string): Problem => ({
  code: "Version.Unreadable",
  path: PATH,
  message: `found "${found}"; a version is written as "1.36" or "1.36.4"`,
  fix: 'write the minor, or the exact patch, in quotes: "1.36" or "1.36.4"',
});
