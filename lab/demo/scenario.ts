/** Which of this repository's stacks the demo runs, and what stands in for its cloud. */
import { join } from "node:path";
import { parse } from "yaml";
import { exactVersion, runnableMinors } from "../../controlplane";
import { DEMO_CLUSTER, type DemoHome } from "./demoHome";
import { type Config, demoConfig, describeEdit, STACK_FILE } from "./stackConfig";

export interface StandIn {
  /** What Pulumi is started with, beside what its CLI needs. */
  readonly env: (path: string) => Readonly<Record<string, string>>;
  readonly close: () => Promise<void>;
}

export interface Scenario {
  readonly file: string;
  /** What of all that is seen is not the real thing. */
  readonly standsIn: string;
  /** The stack's config with the cluster, and all that goes with it, at a version. */
  readonly configAt: (stackText: string, version: string) => Config;
  readonly describeEdit: (stackText: string, from: string, to: string) => readonly string[];
  /** Config that brings the workloads back to a version while the control plane stays; absent = not shown. */
  readonly configBack?: (stackText: string, plane: string, pools: string) => Config;
  readonly open: (home: DemoHome) => Promise<StandIn>;
}

const NODES = "nodes are simulated, so no pod runs code; the control plane is real";

const local: Scenario = {
  file: STACK_FILE,
  standsIn: NODES,
  configAt: demoConfig,
  describeEdit,
  open: () => Promise.resolve({ env: () => ({}), close: () => Promise.resolve() }),
};

const STAGING_FILE = "Pulumi.staging.yaml";
const CLUSTER = "changeover:cluster";
const POOLS = "changeover:pools";
const REGION = "eu-west-1";

type Pools = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The release of that minor which the lab can run; one it can't run is only ever refused. */
const imageOf = (minor: string): string =>
  `${runnableMinors().includes(minor) ? exactVersion(minor) : `${minor}.0`}-20261105`;

const withPools = (config: Config, change: object): Config => {
  const pools = Object.entries(config[POOLS] as Pools).map(([name, pool]) => [name, { ...pool, ...change }]);
  return { ...config, [POOLS]: Object.fromEntries(pools) as Pools };
};

const stagingAt = (stackText: string, version: string): Config => {
  const { config } = parse(stackText) as { config: Config };
  const cluster = { ...(config[CLUSTER] as Config), name: DEMO_CLUSTER, version };
  return withPools({ ...config, [CLUSTER]: cluster }, { image: imageOf(version) });
};

/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports
   -- loaded where it is used: every other command would pay for it */
const standInAws = () => ({
  ...(require("../clouds/aws") as typeof import("../clouds/aws")),
  ...(require("../clouds/aws/environment") as typeof import("../clouds/aws/environment")),
});
/* eslint-enable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports */

const staging: Scenario = {
  file: STAGING_FILE,
  standsIn: `a stand-in on this machine answers in AWS's place, no account is used; ${NODES}`,
  configAt: stagingAt,
  describeEdit: (_stackText, from, to) => [
    STAGING_FILE,
    `-     version: "${from}"`,
    `+     version: "${to}"`,
    `-       image: ${imageOf(from)}`,
    `+       image: ${imageOf(to)}`,
  ],
  configBack: (stackText, plane, pools) =>
    withPools(stagingAt(stackText, plane), { version: pools, image: imageOf(pools) }),
  open: async ({ dir }) => {
    const folder = join(dir, "aws");
    const { startStandInAws, standInEnvironment } = standInAws();
    const aws = await startStandInAws({ folder, region: REGION });
    return { env: path => standInEnvironment(aws, folder, path), close: aws.close };
  },
};

/** By the stack's name. */
export const SCENARIOS = { local, staging } as const satisfies Record<string, Scenario>;
export type ScenarioName = keyof typeof SCENARIOS;
