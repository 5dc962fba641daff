import { type KubeClient, openKube } from "../../kube";
import { labKubeconfig } from "../../lab";
import { type Config, type Run, TestStack } from "./stack";
import { applyDeployment, type DeploymentWish, untilReady } from "./workloads";

/** A stack that is up, and a client of its cluster. */
export interface Cluster {
  readonly stack: TestStack;
  readonly kube: KubeClient;
}

/** What most tests are not about takes no time: no backup, a second of soak. */
const QUICK: Config = { backup: { kind: "none" }, soak: { duration: "1s" } };

/** What most tests of clouds watch: four pods, of which one may be down. */
export const WEB: DeploymentWish = { name: "web", replicas: 4, maxUnavailable: 1 };

/** A client of a lab's cluster, and these workloads Ready in it. */
export const openApps = async (lab: string, apps: readonly DeploymentWish[] = [WEB]): Promise<KubeClient> => {
  const kube = await openKube({ kubeconfig: labKubeconfig(lab) ?? "" });
  for (const app of apps) await applyDeployment(kube, app);
  for (const { name, replicas } of apps) await untilReady(kube, name, replicas);
  return kube;
};

/** The first `up` of a stack, and these workloads Ready in its cluster. */
export const furnish = async (
  stack: TestStack,
  apps?: readonly DeploymentWish[],
): Promise<Cluster & { readonly first: Run }> => {
  const first = await stack.must(["up", "--yes", "--skip-preview"]);
  stack.select();
  return { stack, kube: await openApps(stack.lab, apps), first };
};

/** Brings a stack up with these workloads, all Ready. What the config says goes before `QUICK`. */
export const openCluster = async (
  lab: string,
  config: Config,
  apps: readonly DeploymentWish[],
): Promise<Cluster> => {
  const stack = await TestStack.open(lab, { ...QUICK, ...config });
  try {
    return await furnish(stack, apps);
  } catch (error) {
    await stack.close();
    throw error;
  }
};
