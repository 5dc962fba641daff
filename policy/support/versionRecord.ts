import type { Problem } from "../../core/problem";
import type { ControlPlaneState } from "../../core/upgrade/controlPlaneChange";
import { formatVersion, type KubeVersion } from "../../core/version/kubeVersion";
import { readBlocks, readStage, readText, readVersion } from "./read";

type Props = Readonly<Record<string, unknown>>;

/** A problem of core as one line of a policy's report. */
export const sayProblem = ({ path, message, fix }: Problem): string => `${path}: ${message}. Fix: ${fix}`;

export interface RecordedPool {
  readonly name: string;
  readonly version: KubeVersion;
}

export const readPools = (props: Props): readonly RecordedPool[] =>
  readBlocks(props, "pools").map(pool => ({
    name: readText(pool, "name"),
    version: readVersion(pool, "version"),
  }));

/** The move that a VersionRecord states: where the control plane was, as its check() injected it, and where it shall be. */
export const readMove = (
  props: Props,
): { readonly from: ControlPlaneState; readonly to: ControlPlaneState } => ({
  from: { version: formatVersion(readVersion(props, "fromVersion")), stage: readStage(props, "fromStage") },
  to: { version: formatVersion(readVersion(props, "version")), stage: readStage(props, "stage") },
});
