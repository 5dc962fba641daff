import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EKSClient } from "@aws-sdk/client-eks";
import { nodeGroupArgs } from "../../../components/clouds/eks/nodeGroupArgs";
import { labLive, convergePool } from "../../../components/clouds/lab/live";
import { connectionOf, parseStack, type StackSpec } from "../../../core/config";
import { ensureLab, labKubeconfig } from "../../../lab";
import { type StandInAws, startStandInAws } from "../../../lab/clouds/aws";
import { standInEnvironment } from "../../../lab/clouds/aws/environment";
import { clusterKind } from "../../../lab/clouds/aws/plugin/cluster";
import type { Props } from "../../../lab/clouds/plugin/kind";
import { nodeGroupKind } from "../../../lab/clouds/aws/plugin/nodeGroup";
import { type CloudUnderTest, describeCloudContract } from "../../support/cloudContract";
import { eksCluster, eksWorkers } from "../../support/eksStack";
import { openLiveProcess } from "../../support/liveProcess";
import { NEW, run, useTemporaryLabs } from "../../support/temporaryLabs";

useTemporaryLabs();

const specOf = (cluster: object, workers: object): StackSpec => {
  const parsed = parseStack({ cluster, pools: { workers } });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
};

const openLab = async (): Promise<CloudUnderTest> => {
  await ensureLab({ name: "contract", version: NEW }, run());
  const connection = { cloud: "lab", name: "contract" } as const;
  return {
    live: labLive,
    connection,
    kubeconfig: labKubeconfig("contract") ?? "",
    makePool: ({ pool, generation }, size) =>
      convergePool(
        {
          ...{ gate: "LabNodePool", protocol: 1, connection, cluster: "contract", pool, generation },
          spec: { version: "1.36", zones: ["a"], labels: {}, taints: [], size },
        },
        run().signal,
      ),
    close: () => Promise.resolve(),
  };
};

/** The SDK of this process makes the cluster; the live half reads its own environment, as in a user's shell. */
const sdkFor = ({ endpoint, region }: StandInAws): EKSClient =>
  new EKSClient({ endpoint, region, credentials: { accessKeyId: "STANDIN", secretAccessKey: "stand-in" } });

const openEks = async (): Promise<CloudUnderTest> => {
  const folder = mkdtempSync(join(tmpdir(), "changeover-aws-"));
  const aws = await startStandInAws({ folder, region: "eu-west-1" });
  const child = openLiveProcess("eks", standInEnvironment(aws, folder, process.env["PATH"] ?? ""));
  const { cluster, pools } = specOf(eksCluster("contract-eks", "1.36"), eksWorkers("1.36.4-20261105"));
  const sdk = sdkFor(aws);
  await clusterKind(sdk).create({
    ...{ name: cluster.name, version: cluster.version, roleArn: cluster.eks?.roleArn },
    vpcConfig: { subnetIds: Object.values(cluster.eks?.subnets ?? {}) },
  });
  const connection = connectionOf(cluster);
  return {
    live: child.live,
    connection,
    kubeconfig: labKubeconfig(cluster.name) ?? "",
    makePool: async ({ pool, generation }, size) => {
      const [spec] = pools;
      if (spec === undefined) throw new Error("no pool");
      const args = { cluster, connection, pool, generation, active: true, spec: { ...spec, size } };
      await nodeGroupKind(sdk).create(nodeGroupArgs(args) as unknown as Props);
    },
    close: async () => {
      child.close();
      await aws.close();
    },
  };
};

describeCloudContract("the lab", openLab);
describeCloudContract("eks", openEks);
