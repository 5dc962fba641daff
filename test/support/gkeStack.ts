import { join } from "node:path";
import { type StandInGcp, startStandInGcp } from "../../lab/clouds/gcp";
import { standInEnvironment } from "../../lab/clouds/gcp/environment";
import { type Config, TestStack } from "./stack";

/** A stack on GKE whose Google Cloud is the stand-in, and the stand-in itself. */
export interface GkeStack {
  readonly stack: TestStack;
  readonly gcp: StandInGcp;
  readonly close: () => Promise<void>;
}

const region = "europe-west1";
const project = "changeover-test";

export const gkeCluster = (name: string, version: string): Record<string, unknown> => ({
  ...{ name, version, region, project },
  cloud: "gke",
  gke: {
    serviceAccount: `gke-nodes@${project}.iam.gserviceaccount.com`,
    deletionProtection: false,
  },
});

export const gkeWorkers = (image: string): Record<string, unknown> => ({
  size: { min: 2, max: 4 },
  machine: "n2-standard-2",
  image,
  zones: ["b", "c"],
});

export const openGkeStack = async (name: string, config: Config): Promise<GkeStack> => {
  const stack = await TestStack.open(name, config);
  const folder = join(stack.dir, "gcp");
  const gcp = await startStandInGcp({ folder, project, region });
  stack.extra = standInEnvironment(gcp, folder, stack.path);
  const close = async (): Promise<void> => {
    await gcp.close();
    await stack.close();
  };
  return { stack, gcp, close };
};
