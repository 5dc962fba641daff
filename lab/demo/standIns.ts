/** What stands in for a stack's cloud on this machine. */
import { join } from "node:path";
import { labsRoot } from "../home";
import { labKubeconfig } from "../lab";
import { DEMO_CLUSTER, type DemoHome } from "./demoHome";
import { machinesNamed, withAddresses } from "./machineText";
import type { Scenario } from "./scenario";
import { editText } from "./stackText";

export interface StandIn {
  /** What Pulumi is started with, beside what its CLI needs. */
  readonly env: (path: string) => Readonly<Record<string, string>>;
  /** The stack's text with what is known only once the stand-in runs, such as addresses of machines. */
  readonly rewrite?: (text: string) => string;
  readonly close: () => Promise<void>;
}

export interface CloudOnHand {
  /** What of all that is seen is not the real thing. */
  readonly standsIn: string;
  /** The resource that is the control plane, as the preview names its type. */
  readonly controlPlane: string;
  readonly open: (home: DemoHome, cluster: ClusterPlace, scenario: Scenario) => Promise<StandIn>;
}

/** Where config says that the cluster lies. */
export interface ClusterPlace {
  readonly cloud: string;
  readonly version: string;
  readonly region?: string;
  readonly project?: string;
  readonly account?: string;
}

const NODES = "nodes are simulated, so no pod runs code; the control plane is real";

/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports
   -- loaded where it is used: every other command would pay for it */
const standInAws = () => ({
  ...(require("../clouds/aws") as typeof import("../clouds/aws")),
  ...(require("../clouds/aws/environment") as typeof import("../clouds/aws/environment")),
});
const standInAzure = () => ({
  ...(require("../clouds/azure") as typeof import("../clouds/azure")),
  ...(require("../clouds/azure/environment") as typeof import("../clouds/azure/environment")),
});
const standInGcp = () => ({
  ...(require("../clouds/gcp") as typeof import("../clouds/gcp")),
  ...(require("../clouds/gcp/environment") as typeof import("../clouds/gcp/environment")),
});
const standInMachines = () => ({
  ...(require("../clouds/machines") as typeof import("../clouds/machines")),
  ...(require("../clouds/machines/environment") as typeof import("../clouds/machines/environment")),
});
/* eslint-enable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports */

/** The machines of a stack with a cluster on them, as `kubeadm init` and `join --control-plane` left it. */
const openMachines: CloudOnHand["open"] = async ({ dir }, { version }, scenario) => {
  const folder = join(dir, "machines");
  const { startStandInMachines, standInEnvironment } = standInMachines();
  const named = machinesNamed(scenario);
  const machines = await startStandInMachines({ folder, lab: DEMO_CLUSTER, version, ...named });
  const edits = [
    { path: "cluster.kubeconfig", value: labKubeconfig(DEMO_CLUSTER) },
    { path: "cluster.kubeadm.ssh.knownHosts", value: machines.knownHosts },
  ];
  // Snapshots lie below the user's state folder, where a demo has no business.
  const places = { CHANGEOVER_LABS: labsRoot(), XDG_STATE_HOME: join(dir, "state") };
  return {
    env: path => ({ ...standInEnvironment(machines, folder, path), ...places }),
    rewrite: text => withAddresses(editText(text, edits), machines.addresses),
    close: machines.close,
  };
};

const CLOUDS: Readonly<Record<string, CloudOnHand>> = {
  lab: {
    standsIn: NODES,
    controlPlane: "LabControlPlane",
    open: () => Promise.resolve({ env: () => ({}), close: () => Promise.resolve() }),
  },
  eks: {
    standsIn: `a stand-in on this machine answers in AWS's place, no account is used; ${NODES}`,
    controlPlane: "aws:eks:Cluster",
    open: async ({ dir }, { region = "" }) => {
      const folder = join(dir, "aws");
      const { startStandInAws, standInEnvironment } = standInAws();
      const aws = await startStandInAws({ folder, region });
      return { env: path => standInEnvironment(aws, folder, path), close: aws.close };
    },
  },
  aks: {
    standsIn: `a stand-in on this machine answers in Azure's place, no subscription is used; ${NODES}`,
    controlPlane: "azure-native:containerservice:ManagedCluster",
    open: async ({ dir }, { account: subscription = "", project: group = "" }) => {
      const folder = join(dir, "azure");
      const { startStandInAzure, standInEnvironment } = standInAzure();
      const azure = await startStandInAzure({ folder, subscription, group });
      return { env: path => standInEnvironment(azure, folder, path), close: azure.close };
    },
  },
  gke: {
    standsIn: `a stand-in on this machine answers in Google Cloud's place, no project is used; ${NODES}`,
    controlPlane: "gcp:container:Cluster",
    open: async ({ dir }, { region = "", project = "" }) => {
      const folder = join(dir, "gcp");
      const { startStandInGcp, standInEnvironment } = standInGcp();
      const gcp = await startStandInGcp({ folder, region, project });
      return { env: path => standInEnvironment(gcp, folder, path), close: gcp.close };
    },
  },
  kubeadm: {
    standsIn: `stand-ins for machines, with real ssh servers on this one: kubeadm, apt and the others act on the lab as their pages say; ${NODES}`,
    controlPlane: "command:remote:Command",
    open: openMachines,
  },
};

/** @throws for a cloud that nothing here stands in for. */
export const cloudOnHand = (cloud: string): CloudOnHand => {
  const found = CLOUDS[cloud];
  if (found === undefined) throw new Error(`nothing on this machine stands in for the cloud "${cloud}"`);
  return found;
};
