import { openBackground } from "../../../../lab/clouds/background";
import { createEntry } from "../../../../lab/clouds/aws/accessEntries";
import { createAddOn, updateAddOn } from "../../../../lab/clouds/aws/addOns";
import {
  createCluster,
  deleteCluster,
  updateClusterConfig,
  updateVersion,
} from "../../../../lab/clouds/aws/clusters";
import type { AwsContext } from "../../../../lab/clouds/aws/context";
import { type CreateGroup, createGroup, updateGroupConfig } from "../../../../lab/clouds/aws/nodeGroups";
import { checkEnabled } from "../../../../lab/clouds/aws/regions";
import type { RULES } from "../../../../lab/clouds/aws/rules";
import type { ClusterRecord, GroupRecord } from "../../../../lab/clouds/aws/state";
import { openWorld } from "../../../../lab/clouds/aws/world/world";
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
    state: {
      clusters: { c: { ...plane, ...cluster } },
      groups,
      addOns: {},
      entries: {},
    } as unknown as AwsContext["state"],
    save: () => undefined,
    region: "eu-west-1",
    failures: planFailures(),
    background: openBackground(),
    fronts: new Map(),
    world: openWorld("000000000000"),
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

/** A cluster with vpc-cni 1.19 as an add-on. */
const withCni = (): AwsContext => {
  const made = context();
  const addOn = {
    cluster: "c",
    name: "vpc-cni",
    version: "v1.19.6-eksbuild.7",
    status: "ACTIVE",
    updates: [],
    issues: [],
  };
  return {
    ...made,
    state: { ...made.state, addOns: { "c/vpc-cni": addOn } } as unknown as AwsContext["state"],
  };
};

const OPS = "arn:aws:iam::000000000000:role/ops";

const withEntries = (): AwsContext => context({ settings: { accessConfig: { authenticationMode: "API" } } });

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
  failedStays: () =>
    updateGroupConfig(context({}, { status: "CREATE_FAILED" }), ["c", "workers"], { labels: {} }),
  diskInTemplate: make({ diskSize: 100, launchTemplate: { id: "lt-0a1b2c3d4e5f60718", version: "1" } }),
  groupsFirst: () => deleteCluster(context({}, {}), "c"),
  addOnExists: () => createAddOn(withCni(), "c", { addonName: "vpc-cni" }),
  addOnListed: () => createAddOn(context(), "c", { addonName: "vpc-cni", addonVersion: "v1.0.0-eksbuild.1" }),
  addOnNoPreserve: () => createAddOn(context(), "c", { addonName: "vpc-cni", resolveConflicts: "PRESERVE" }),
  cniOneMinor: () => updateAddOn(withCni(), ["c", "vpc-cni"], { addonVersion: "v1.21.1-eksbuild.1" }),
  entryExists: () => {
    const made = withEntries();
    createEntry(made, "c", { principalArn: OPS });
    return createEntry(made, "c", { principalArn: OPS });
  },
  entryOfPrincipal: () =>
    createEntry(withEntries(), "c", {
      principalArn: "arn:aws:sts::000000000000:assumed-role/ops/someone",
    }),
  entryNeedsApi: () => createEntry(context(), "c", { principalArn: OPS }),
  accessOneWay: () =>
    updateClusterConfig(withEntries(), "c", { accessConfig: { authenticationMode: "CONFIG_MAP" } }),
  regionEnabled: () =>
    checkEnabled(context(), {
      headers: { authorization: "AWS4-HMAC-SHA256 Credential=A/20261122/eu-south-1/eks/aws4_request" },
    }),
  sizesInOrder: make({ scalingConfig: { minSize: 3, maxSize: 2, desiredSize: 3 } }),
};

describeRefusals("AWS", REFUSALS);
