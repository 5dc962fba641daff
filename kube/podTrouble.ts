import type { RawCondition } from "./meta";

export interface RawContainerStatus {
  readonly state?: {
    readonly waiting?: { readonly reason?: string };
    readonly terminated?: RawEnd;
  };
}

interface RawStatus {
  readonly conditions?: readonly RawCondition[];
  readonly containerStatuses?: readonly RawContainerStatus[];
  readonly initContainerStatuses?: readonly RawContainerStatus[];
}

/** Reasons for waiting that every start goes through. */
const NORMAL = new Set(["ContainerCreating", "PodInitializing"]);

interface RawEnd {
  readonly reason?: string;
  readonly exitCode?: number;
}

const failureOf = ({ reason = "Error", exitCode = 0 }: RawEnd): string | undefined =>
  exitCode === 0 ? undefined : reason;

const reasonOf = ({ state = {} }: RawContainerStatus): string | undefined => {
  const { waiting, terminated } = state;
  if (waiting?.reason !== undefined && !NORMAL.has(waiting.reason)) return waiting.reason;
  return terminated === undefined ? undefined : failureOf(terminated);
};

/** Why a container of the pod does not run: the first reason that is not part of every start. */
export const troubleOf = ({
  initContainerStatuses = [],
  containerStatuses = [],
}: RawStatus): string | undefined => {
  for (const status of [...initContainerStatuses, ...containerStatuses]) {
    const reason = reasonOf(status);
    if (reason !== undefined) return reason;
  }
  return undefined;
};

/** The scheduler takes the pod away to make room for one of higher priority. */
export const isPreempted = ({ conditions = [] }: RawStatus): boolean =>
  conditions.some(
    ({ type, status, reason }) =>
      type === "DisruptionTarget" && status === "True" && reason === "PreemptionByScheduler",
  );
