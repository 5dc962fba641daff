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
export const answerParameter = (target: string, body: string): object => {
  if (target !== "AmazonSSM.GetParameter") return notCovered(target);
  const { Name: name = "" } = JSON.parse(body) as { readonly Name?: string };
  const minor = PATHS.flatMap(path => path.exec(name)?.[1] ?? [])[0];
  if (minor === undefined) return notCovered(`the parameter ${name}`);
  if (!runnableMinors().includes(minor)) throw new Fault("ParameterNotFound", `no parameter ${name}`);
  return { Parameter: { Name: name, Type: "String", Value: `${exactVersion(minor)}-${BUILT}`, Version: 1 } };
};

/** Which minors there are, for EKS's DescribeClusterVersions. */
export const clusterVersions = (): object => ({
  clusterVersions: [...runnableMinors()].reverse().map(clusterVersion => ({ clusterVersion })),
});

const LETTERS = "abcdef";

/** Subnets have no zone in this stand-in, so they get one by their order in the cluster: a, b, c. */
const zoneOf = ({ state, region }: AwsContext, id: string): string => {
  const cluster = Object.values(state.clusters).find(({ subnets }) => subnets.includes(id));
  return `${region}${LETTERS[cluster?.subnets.indexOf(id) ?? 0] ?? "a"}`;
};

/** EC2's DescribeSubnets: each with its zone, and nothing else. */
export const describeSubnets = (context: AwsContext, form: URLSearchParams): string => {
  const ids = [...form].flatMap(([key, id]) => (key.startsWith("SubnetId.") ? [id] : []));
  const items = ids.map(
    id =>
      `<item><subnetId>${id}</subnetId><availabilityZone>${zoneOf(context, id)}</availabilityZone></item>`,
  );
  return `<DescribeSubnetsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>stand-in</requestId><subnetSet>${items.join("")}</subnetSet></DescribeSubnetsResponse>`;
};
