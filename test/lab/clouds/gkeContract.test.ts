import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodePoolArgs } from "../../../components/clouds/gke/nodePoolArgs";
import { connectionOf, parseStack, type StackSpec } from "../../../core/config";
import { labKubeconfig } from "../../../lab";
import { startStandInGcp } from "../../../lab/clouds/gcp";
import { standInEnvironment } from "../../../lab/clouds/gcp/environment";
import { openClient } from "../../../lab/clouds/gcp/plugin/client";
import { clusterKind } from "../../../lab/clouds/gcp/plugin/cluster";
import { nodePoolKind } from "../../../lab/clouds/gcp/plugin/nodePool";
import { ACCESS_TOKEN } from "../../../lab/clouds/gcp/token";
import type { Props } from "../../../lab/clouds/plugin/kind";
import { type CloudUnderTest, describeCloudContract } from "../../support/cloudContract";
import { gkeCluster, gkeWorkers } from "../../support/gkeStack";
import { openLiveProcess } from "../../support/liveProcess";
import { useTemporaryLabs } from "../../support/temporaryLabs";

useTemporaryLabs();

const parsed = (): StackSpec => {
  const cluster = gkeCluster("contract-gke", "1.36");
  const stack = parseStack({
    cluster,
    backup: { kind: "none" },
    pools: { workers: gkeWorkers("1.36.4-gke.1000000") },
  });
  if (!stack.ok) throw new Error(JSON.stringify(stack.problems));
  return stack.value;
};

const openGke = async (): Promise<CloudUnderTest> => {
  const { cluster, pools } = parsed();
  const { name, project = "", region = "" } = cluster;
  const folder = mkdtempSync(join(tmpdir(), "changeover-gcp-"));
  const gcp = await startStandInGcp({ folder, project, region });
  const child = openLiveProcess("gke", standInEnvironment(gcp, folder, process.env["PATH"] ?? ""));
  const client = openClient({ base: `${gcp.endpoint}/v1/`, token: ACCESS_TOKEN });
  await clusterKind(client).create({
    ...{ name, project, location: region, minMasterVersion: cluster.version },
    ...{ initialNodeCount: 1, removeDefaultNodePool: true },
  });
  const connection = connectionOf(cluster);
  return {
    live: child.live,
    connection,
    kubeconfig: labKubeconfig(name) ?? "",
    makePool: async ({ pool, generation }, size) => {
      const [spec] = pools;
      if (spec === undefined) throw new Error("no pool");
      const args = { cluster, connection, pool, generation, active: true, spec: { ...spec, size } };
      await nodePoolKind(client).create(nodePoolArgs(args) as unknown as Props);
    },
    close: async () => {
      child.close();
      await gcp.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

describeCloudContract("gke", openGke);
