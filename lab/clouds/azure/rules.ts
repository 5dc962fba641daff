import { Fault } from "../fault";
import type { StandInRule } from "../standInRule";

const AKS = "https://learn.microsoft.com/azure/aks";
const REST = "https://learn.microsoft.com/rest/api/aks";

/** Rules of AKS that the stand-in keeps, each with the page that states it. */
export const RULES = {
  birthPool: {
    rule: "a cluster is made with at least one inline system pool",
    source: "https://github.com/Azure/AKS/issues/2495",
  },
  noNewPoolInline: {
    rule: "an update of a cluster names no pool that is not there",
    source: "https://github.com/pulumi/pulumi-azure-native/issues/2719",
  },
  inlineVersions: {
    rule: "inline pools state their versions all or none, and unchanged or the control plane's",
    source: "https://github.com/pulumi/pulumi-azure-native/issues/2094",
  },
  oneMinor: {
    rule: "the control plane goes up one minor at a time, and never down",
    source: `${AKS}/upgrade-aks-control-plane`,
  },
  poolsTrailThree: {
    rule: "pools may trail the control plane by three minors",
    source: `${AKS}/supported-kubernetes-versions`,
  },
  poolNotNewer: {
    rule: "a pool is never newer than its control plane",
    source: `${AKS}/manage-node-pools`,
  },
  locationOffered: {
    rule: "a cluster is made in a location that its resource type is in",
    source:
      "https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors",
  },
  oneOperation: {
    rule: "a second operation on a cluster is 409 OperationNotAllowed while one runs",
    source: "https://aka.ms/aks-pending-operation",
  },
  poolName: {
    rule: "a pool's name has at most 12 lower-case letters and digits, a letter first",
    source: `${REST}/agent-pools/create-or-update`,
  },
  fixedAtBirth: {
    rule: "machine, subnet, zones and operating system of a pool can't change",
    source: `${AKS}/manage-node-pools`,
  },
  systemPool: {
    rule: "a cluster keeps its last system pool",
    source: `${AKS}/use-system-pools`,
  },
  systemPoolNode: { rule: "a system pool has at least one node", source: `${AKS}/manage-node-pools` },
  boundsInOrder: {
    rule: "minCount ≤ count ≤ maxCount with the autoscaler, and neither bound without it",
    source: `${AKS}/cluster-autoscaler`,
  },
  etag: {
    rule: "a change with If-Match of another eTag is 412",
    source: `${REST}/agent-pools/create-or-update`,
  },
  newestImage: {
    rule: "a pool is made of the newest node image; nodeImageVersion is an output",
    source: `${AKS}/node-pool-snapshot`,
    on: "machines",
  },
  poolTaints: {
    rule: "taints of a pool are those of all its nodes",
    source: `${AKS}/use-node-taints`,
    on: "machines",
  },
  allocationFails: {
    rule: "a pool whose machines can't be had is Failed, the reason in status.provisioningError, and tried again when it is stated again",
    source: `${REST}/agent-pools/get`,
    on: "machines",
  },
  poolLabels: {
    rule: "labels of a pool change in place and are those of all its nodes",
    source: `${AKS}/use-labels`,
    on: "machines",
  },
  machinesLower: {
    rule: "deleteMachines lowers the pool's count by as many",
    source: `${REST}/agent-pools/delete-machines`,
    on: "machines",
  },
} as const satisfies Record<string, StandInRule>;

export type RuleName = keyof typeof RULES;

const STATUS = {
  OperationNotAllowed: 409,
  PreconditionFailed: 412,
  BadRequest: 400,
  InvalidParameter: 400,
  LocationNotAvailableForResourceType: 400,
  PropertyChangeNotAllowed: 400,
} as const;

/** Refuses as AKS does; the rule is named so that what a test met can be looked up. */
export const refuseBy = (rule: RuleName, code: keyof typeof STATUS, message: string): never => {
  throw new Fault(code, `${message} [stand-in: ${rule}]`, STATUS[code]);
};

/** As Azure Resource Manager refuses a call that its caller may not make. */
export const denyFor = (action: string): never => {
  throw new Fault(
    "AuthorizationFailed",
    `The client does not have authorization to perform '${action}'.`,
    403,
  );
};

export const notFound = (what: string): never => {
  throw new Fault("ResourceNotFound", `The Resource '${what}' was not found.`, 404);
};

/** Something real AKS does and the stand-in does not: said, never guessed. */
export const notCovered = (what: string): never => {
  throw new Fault("StandInLimit", `the stand-in for Azure does not cover ${what}`, 501);
};
