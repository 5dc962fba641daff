import type { AutoScalingGroup } from "@aws-sdk/client-auto-scaling";

/** What a node group was before it was closed. */
export interface Prior {
  readonly min: number;
  readonly max: number;
  /** Processes that somebody else had suspended: they stay so. */
  readonly suspended: readonly string[];
}

/** Tag of the Auto Scaling group that holds it: Pulumi and Kubernetes don't see it there. */
export const PRIOR_TAG = "changeover.dev/prior";

/**
 * What brings machines into a group. Terminate stays: machines must be given back, and a group be deleted.
 * docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html
 */
export const REFILLING: readonly string[] = ["AZRebalance", "Launch", "ReplaceUnhealthy", "ScheduledActions"];

/** A tag's value may hold letters, digits, spaces and + - = . _ : / @ only, so no JSON. */
export const describePrior = ({ min, max, suspended }: Prior): string =>
  `min=${min} max=${max} suspended=${suspended.join("+")}`;

const SHAPE = /^min=(\d+) max=(\d+) suspended=([A-Za-z+]*)$/;

export const parsePrior = (text: string): Prior | undefined => {
  const [, min, max, suspended = ""] = SHAPE.exec(text) ?? [];
  if (min === undefined || max === undefined) return undefined;
  return { min: Number(min), max: Number(max), suspended: suspended.split("+").filter(name => name !== "") };
};

/** `undefined` = the group is not closed by us. */
export const priorOf = ({ Tags = [] }: AutoScalingGroup): Prior | undefined => {
  const value = Tags.find(({ Key }) => Key === PRIOR_TAG)?.Value;
  return value === undefined ? undefined : parsePrior(value);
};

export const suspendedIn = ({ SuspendedProcesses = [] }: AutoScalingGroup): readonly string[] =>
  SuspendedProcesses.map(({ ProcessName = "" }) => ProcessName).sort();
