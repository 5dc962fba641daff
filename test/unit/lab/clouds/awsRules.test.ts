import { openBackground } from "../../../../lab/clouds/background";
import { createCluster, deleteCluster, updateVersion } from "../../../../lab/clouds/aws/clusters";
import type { AwsContext } from "../../../../lab/clouds/aws/context";
import { type CreateGroup, createGroup } from "../../../../lab/clouds/aws/nodeGroups";
import type { RULES } from "../../../../lab/clouds/aws/rules";
import type { ClusterRecord, GroupRecord } from "../../../../lab/clouds/aws/state";
import { planFailures } from "../../../../lab/clouds/fault";
import { describeRefusals, type Refusals } from "../../../support/metRules";

const NOW = Math.floor(Date.now() / 1000);
const DAY = 86_400;

const context = (cluster: Partial<ClusterRecord> = {}, group?: Partial<GroupRecord>): AwsContext => {
  const plane = { name: "c", version: "1.36", status: "ACTIVE", settings: {}, subnets: [], updates: [] };
  const workers = {
    cluster: "c",
    name: "workers",
    version: "1.36",
    status: "ACTIVE",
    updates: [],
    issues: [],
  };
  const groups = group === undefined ? {} : { "c/workers": { ...workers, ...group } };
  return {
    state: { clusters: { c: { ...plane, ...cluster } }, groups } as unknown as AwsContext["state"],
    save: () => undefined,
    region: "eu-west-1",
    failures: planFailures(),
    background: openBackground(),
    fronts: new Map(),
  };
};

const make =
  (asked: Partial<CreateGroup>, cluster: Partial<ClusterRecord> = {}, group?: object) =>
  () =>
    createGroup(context(cluster, group), "c", { nodegroupName: "new", nodeRole: "r", subnets: [], ...asked });

const move =
  (version: string, cluster: Partial<ClusterRecord> = {}, group?: object) =>
  () =>
    updateVersion(context(cluster, group), "c", version);

const upgraded = (daysAgo: number) => ({ upgraded: { from: "1.35", endedAt: NOW - daysAgo * DAY } });

const REFUSALS: Refusals<typeof RULES> = {
  clusterExists: () => createCluster(context(), { name: "c", roleArn: "r", resourcesVpcConfig: {} }),
  oneMinor: move("1.38"),
  rollbackUndoes: move("1.35"),
  rollbackWeek: move("1.35", upgraded(8)),
  rollbackNodesFirst: move("1.35", upgraded(1), { version: "1.36" }),
  nodesNotNewer: make({ version: "1.37" }),
  nodesTrailThree: make({ version: "1.32" }),
  oneUpdate: move("1.37", { status: "UPDATING" }),
  clusterActive: make({}, { status: "CREATING" }),
  groupName: make({ nodegroupName: "n".repeat(64) }),
  groupExists: make({ nodegroupName: "workers" }, {}, {}),
  diskInTemplate: make({ diskSize: 100, launchTemplate: { id: "lt-0a1b2c3d4e5f60718", version: "1" } }),
  groupsFirst: () => deleteCluster(context({}, {}), "c"),
  sizesInOrder: make({ scalingConfig: { minSize: 3, maxSize: 2, desiredSize: 3 } }),
};

describeRefusals("AWS", REFUSALS);
