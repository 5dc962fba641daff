import type { Problem } from "../../core/problem";
import type { KubeVersion } from "../../core/version/kubeVersion";
import { readBlocks, readText, readVersion } from "./read";

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
