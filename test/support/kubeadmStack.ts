import { join } from "node:path";
import { labKubeconfig } from "../../lab";
import { type StandInMachines, startStandInMachines } from "../../lab/clouds/machines";
import { standInEnvironment } from "../../lab/clouds/machines/environment";
import { type Config, TestStack } from "./stack";

/** A stack on machines of one's own that are stand-ins, and the stand-ins themselves. */
export interface KubeadmStack {
  readonly stack: TestStack;
  readonly machines: StandInMachines;
  readonly close: () => Promise<void>;
}

export interface KubeadmOptions {
  /** Exact version that the cluster was made with. */
  readonly version: string;
  readonly controlPlanes: readonly string[];
  readonly workers: readonly string[];
  /** Workers that somebody joined by hand. */
  readonly joined?: readonly string[];
  /** The stack's config, once it is known where the machines are. */
  readonly config: (machines: StandInMachines) => Config;
}

const pick = ({ addresses }: StandInMachines, names: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(names.map(name => [name, addresses[name] ?? ""]));

/** The cluster of a lab of this name. */
export const kubeadmCluster = (
  name: string,
  version: string,
  machines: StandInMachines,
): Record<string, unknown> => ({
  ...{ name, version },
  cloud: "kubeadm",
  kubeconfig: labKubeconfig(name) ?? "",
  kubeadm: {
    controlPlanes: pick(
      machines,
      Object.keys(machines.addresses).filter(node => node.startsWith("cp")),
    ),
    ssh: { knownHosts: machines.knownHosts },
  },
});

export const kubeadmWorkers = (
  image: string,
  names: readonly string[],
  machines: StandInMachines,
): Record<string, unknown> => ({
  size: { min: names.length, max: names.length },
  image,
  hosts: pick(machines, names),
});

export const openKubeadmStack = async (name: string, options: KubeadmOptions): Promise<KubeadmStack> => {
  const stack = await TestStack.open(name, {});
  const folder = join(stack.dir, "machines");
  const { config, ...wanted } = options;
  const machines = await startStandInMachines({ ...wanted, folder, lab: name });
  stack.set(config(machines));
  stack.extra = {
    ...standInEnvironment(machines, folder, stack.path),
    XDG_STATE_HOME: join(stack.dir, "own-state"),
  };
  const close = async (): Promise<void> => {
    await machines.close();
    await stack.close();
  };
  return { stack, machines, close };
};
