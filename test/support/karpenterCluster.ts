import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EKSClient } from "@aws-sdk/client-eks";
import { karpenterObjects } from "../../components/clouds/eks/karpenter/objects";
import type { KarpenterObjects } from "../../components/clouds/eks/protocol";
import { type ConnectionRecipe, connectionOf, parseStack, type StackSpec } from "../../core/config";
import { type KubeClient, openKube } from "../../kube";
import { labKubeconfig } from "../../lab";
import { type StandInAws, startStandInAws } from "../../lab/clouds/aws";
import { standInEnvironment } from "../../lab/clouds/aws/environment";
import { clusterKind } from "../../lab/clouds/aws/plugin/cluster";
import type { CloudLive } from "../../operations/ports";
import { eksCluster, eksWorkers } from "./eksStack";
import { openLiveProcess } from "./liveProcess";

/** A cluster of the stand-in for AWS in which a stand-in for Karpenter runs. */
export interface KarpenterCluster {
  readonly aws: StandInAws;
  readonly kube: KubeClient;
  readonly live: CloudLive;
  readonly connection: ConnectionRecipe;
  /** A generation of the pool "workers" as the graph would state it. */
  readonly objectsFor: (generation: string, changes?: object) => KarpenterObjects;
  readonly close: () => Promise<void>;
}

export const karpenterWorkers = (image: string, karpenter: object = {}): Record<string, unknown> => ({
  ...eksWorkers(image),
  karpenter,
});

const stackOf = (name: string, workers: object): StackSpec => {
  const parsed = parseStack({
    cluster: eksCluster(name, "1.36"),
    backup: { kind: "none" },
    pools: { workers },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
};

export const openKarpenterCluster = async (name: string): Promise<KarpenterCluster> => {
  const folder = mkdtempSync(join(tmpdir(), "changeover-karpenter-"));
  const aws = await startStandInAws({ folder, region: "eu-west-1" });
  const child = openLiveProcess("eks", standInEnvironment(aws, folder, process.env["PATH"] ?? ""));
  const { cluster } = stackOf(name, karpenterWorkers("1.36.4-20261105"));
  const credentials = { accessKeyId: "STANDIN", secretAccessKey: "stand-in" };
  const sdk = new EKSClient({ endpoint: aws.endpoint, region: "eu-west-1", credentials });
  await clusterKind(sdk).create({
    ...{ name, version: cluster.version, roleArn: cluster.eks?.roleArn },
    vpcConfig: { subnetIds: Object.values(cluster.eks?.subnets ?? {}) },
  });
  const kube = await openKube({ kubeconfig: labKubeconfig(name) ?? "" });
  await aws.startKarpenter(name);
  const connection = connectionOf(cluster);
  return {
    ...{ aws, kube, live: child.live, connection },
    objectsFor: (generation, changes = {}) => {
      const [spec] = stackOf(name, { ...karpenterWorkers("1.36.4-20261105"), ...changes }).pools;
      if (spec === undefined) throw new Error("no pool");
      return karpenterObjects({ cluster, connection, pool: "workers", generation, active: true, spec });
    },
    close: async () => {
      child.close();
      await aws.close();
      await kube.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
