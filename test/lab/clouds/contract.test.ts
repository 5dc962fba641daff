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
import type { PoolChange } from "../../../operations/ports";
import { openLiveProcess } from "../../support/liveProcess";
import { NEW, run, useTemporaryLabs } from "../../support/temporaryLabs";

useTemporaryLabs();

const specOf = (cluster: object, workers: object): StackSpec => {
  const parsed = parseStack({ cluster, backup: { kind: "none" }, pools: { workers } });
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

interface EksUnderTest extends CloudUnderTest {
  readonly aws: StandInAws;
}

const openEks = async (): Promise<EksUnderTest> => {
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
    aws,
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

/** One for both suites of EKS; the second ends it. */
let eks: Promise<EksUnderTest> | undefined;
const openedEks = (): Promise<EksUnderTest> => (eks ??= openEks());

describeCloudContract("eks", async () => ({ ...(await openedEks()), close: () => Promise.resolve() }));

describe("while workloads move onto a node group of EKS, AWS evens out no zones", () => {
  const pool: Omit<PoolChange, "connection"> = {
    ...{ pool: "workers", generation: "workers-1-36-b0b0b0", log: () => undefined },
    signal: AbortSignal.timeout(600_000),
  };
  let under: EksUnderTest;

  const group = () => Object.values(under.aws.state.groups).find(({ name }) => name === pool.generation);
  const tags = (): readonly string[] => Object.keys(group()?.scalingTags ?? {}).filter(isOurs);
  const isOurs = (key: string): boolean => key.startsWith("changeover.dev/");
  const act = async (action: "suspendRebalance" | "resumeRebalance" | "closePool" | "openPool") => {
    await under.live[action]?.({ ...pool, connection: under.connection });
  };

  beforeAll(async () => {
    under = await openedEks();
    await under.makePool({ ...pool, connection: under.connection }, { min: 1, max: 2 });
  });

  afterAll(() => under.close());

  it("suspends that alone, on record, however often it is told, and undoes it", async () => {
    await act("suspendRebalance");
    await act("suspendRebalance");
    expect(group()?.suspended).toEqual(["AZRebalance"]);
    expect(tags()).toEqual(["changeover.dev/rebalance"]);
    await act("resumeRebalance");
    await act("resumeRebalance");
    expect(group()?.suspended).toEqual([]);
    expect(tags()).toEqual([]);
  });

  it("outlasts a close and an open: on the way back, and forth again", async () => {
    await act("suspendRebalance");
    await act("closePool");
    await act("openPool");
    expect(group()?.suspended).toEqual(["AZRebalance"]);
    await act("resumeRebalance");
    expect(group()?.suspended).toEqual([]);
    expect(tags()).toEqual([]);
  });

  it("leaves what somebody else has suspended to them", async () => {
    Object.assign(group() ?? {}, { suspended: ["AZRebalance"] });
    await act("suspendRebalance");
    expect(tags()).toEqual([]);
    await act("resumeRebalance");
    expect(group()?.suspended).toEqual(["AZRebalance"]);
  });
});
