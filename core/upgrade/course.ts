import { formatVersion, type KubeVersion } from "../version/kubeVersion";
import type { Stage } from "./controlPlaneChange";

export type Step =
  | {
      readonly kind: "raiseControlPlane" | "lowerControlPlane";
      readonly from: string;
      readonly to: string;
      readonly stage: Stage;
    }
  | { readonly kind: "makeFinal"; readonly version: string }
  | { readonly kind: "movePool"; readonly pool: string; readonly from: string; readonly to: string };

/** What one `pulumi up` does, and the versions that config must say for it. */
export interface PlannedUp {
  readonly cluster: { readonly version: string; readonly stage: Stage };
  /** Pool → version; also of pools that stay. */
  readonly pools: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

/** Where everything is after the `up`s planned so far. */
export interface Course {
  readonly ups: readonly PlannedUp[];
  readonly controlPlane: { readonly version: KubeVersion; readonly stage: Stage };
  readonly pools: Readonly<Record<string, KubeVersion>>;
}

export interface PoolMove {
  readonly pool: string;
  readonly to: KubeVersion;
}

const textOf = (pools: Course["pools"]): Record<string, string> =>
  Object.fromEntries(Object.entries(pools).map(([name, version]) => [name, formatVersion(version)]));

/** Starts another `up`, with the control plane's step when it has one. */
export const openUp = (course: Course, controlPlane: Course["controlPlane"], step?: Step): Course => ({
  ...course,
  controlPlane,
  ups: [
    ...course.ups,
    {
      cluster: { version: formatVersion(controlPlane.version), stage: controlPlane.stage },
      pools: textOf(course.pools),
      steps: step === undefined ? [] : [step],
    },
  ],
});

/** Whether pools may move in the last planned `up`: not before there is one, and not in one that makes final. */
const takesMoves = ({ ups }: Course): boolean => {
  const last = ups[ups.length - 1];
  return last !== undefined && !last.steps.some(({ kind }) => kind === "makeFinal");
};

/** Moves pools, in the last planned `up` where that may be, else in one of their own. */
export const movePools = (course: Course, moves: readonly PoolMove[]): Course => {
  if (moves.length === 0) return course;
  const open = takesMoves(course) ? course : openUp(course, course.controlPlane);
  const last = open.ups[open.ups.length - 1];
  if (last === undefined) return open;
  const pools = { ...open.pools, ...Object.fromEntries(moves.map(({ pool, to }) => [pool, to])) };
  const steps = moves.map(({ pool, to }) => describeMove(pool, open.pools[pool], to));
  return {
    ...open,
    pools,
    ups: [...open.ups.slice(0, -1), { ...last, pools: textOf(pools), steps: [...last.steps, ...steps] }],
  };
};

const describeMove = (pool: string, from: KubeVersion | undefined, to: KubeVersion): Step => ({
  kind: "movePool",
  pool,
  from: from === undefined ? "nothing" : formatVersion(from),
  to: formatVersion(to),
});
