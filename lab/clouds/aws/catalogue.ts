import { exactVersion, runnableMinors } from "../../../controlplane";
import { Fault } from "../fault";
import type { AwsContext } from "./context";
import { notCovered } from "./rules";

/** Not Amazon's: a release made up for each minor that the lab runs. */
const BUILT = "20261118";

const PATHS: readonly RegExp[] = [
  /^\/aws\/service\/eks\/optimized-ami\/([^/]+)\/amazon-linux-2023\/(?:x86_64|arm64)\/standard\/recommended\/release_version$/,
];

/** Systems Manager's public parameters, as far as they name the newest AMI release of a minor. */
export const publicParameter = (body: string): object => {
  const { Name: name = "" } = JSON.parse(body) as { readonly Name?: string };
  const minor = PATHS.flatMap(path => path.exec(name)?.[1] ?? [])[0];
  if (minor === undefined) return notCovered(`the parameter ${name}`);
  if (!runnableMinors().includes(minor)) throw new Fault("ParameterNotFound", `no parameter ${name}`);
  return { Parameter: { Name: name, Type: "String", Value: `${exactVersion(minor)}-${BUILT}`, Version: 1 } };
};

const YEAR_S = 31_536_000;
const now = (): number => Math.floor(Date.now() / 1000);
const secondsOf = (day: string): number => Date.parse(day) / 1000;

/** Which minors there are, for EKS's DescribeClusterVersions. Ends of support are a year off unless they are set. */
export const clusterVersions = ({ world }: AwsContext): object => ({
  clusterVersions: [...runnableMinors()].reverse().map(clusterVersion => {
    const set = world.standardEnds.get(clusterVersion);
    const end = set === undefined ? now() + YEAR_S : secondsOf(set);
    return {
      clusterVersion,
      versionStatus: end < now() ? "EXTENDED_SUPPORT" : "STANDARD_SUPPORT",
      endOfStandardSupportDate: end,
      endOfExtendedSupportDate: end + YEAR_S,
    };
  }),
});
