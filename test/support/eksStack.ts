import { join } from "node:path";
import { type StandInAws, startStandInAws } from "../../lab/clouds/aws";
import { standInEnvironment } from "../../lab/clouds/aws/environment";
import { type Config, TestStack } from "./stack";

/** A stack on EKS whose AWS is the stand-in, and the stand-in itself. */
export interface EksStack {
  readonly stack: TestStack;
  readonly aws: StandInAws;
  readonly close: () => Promise<void>;
}

const REGION = "eu-west-1";
const account = "111122223333";

export const eksCluster = (name: string, version: string): Record<string, unknown> => ({
  name,
  version,
  cloud: "eks",
  region: REGION,
  eks: {
    roleArn: `arn:aws:iam::${account}:role/control-plane`,
    nodeRoleArn: `arn:aws:iam::${account}:role/nodes`,
    subnets: { a: "subnet-0a1b2c3d4e5f60001", b: "subnet-0a1b2c3d4e5f60002" },
  },
});

export const eksWorkers = (image: string): Record<string, unknown> => ({
  size: { min: 2, max: 4 },
  machine: "m7i.large",
  image,
  zones: ["a", "b"],
});

export const openEksStack = async (name: string, config: Config): Promise<EksStack> => {
  const stack = await TestStack.open(name, config);
  const folder = join(stack.dir, "aws");
  const aws = await startStandInAws({ folder, region: REGION });
  stack.extra = standInEnvironment(aws, folder, stack.path);
  const close = async (): Promise<void> => {
    await aws.close();
    await stack.close();
  };
  return { stack, aws, close };
};
