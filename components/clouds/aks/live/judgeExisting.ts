import { osSkuOf } from "../../../../core/config";
import type { Problem } from "../../../../core/problem";
import { BIRTH_POOL } from "../facts";
import type { AksCluster, AksNetwork, AksPool, AksPoolProperties } from "./found";
import { checkChannels } from "./readiness/selfMoving";

const AKS = "https://learn.microsoft.com/azure/aks";

/**
 * All that stands against taking over the cluster itself. AKS Automatic, node auto-provisioning and clusters without
 * Entra ID are refused before, when the cluster is opened (access.ts).
 */
export const judgeCluster = (
  name: string,
  { properties = {} }: AksCluster,
  pools: readonly AksPool[],
): readonly Problem[] => {
  const { provisioningState, powerState, servicePrincipalProfile, autoUpgradeProfile } = properties;
  const found = [
    isAtRest({ provisioningState, powerState }) ? undefined : notAtRest(name, properties),
    isManaged(servicePrincipalProfile?.clientId) ? undefined : principal(name),
    pools.some(pool => pool.name === BIRTH_POOL) ? birthName(name) : undefined,
  ];
  return [...found.flatMap(problem => problem ?? []), ...checkChannels(autoUpgradeProfile)];
};

type State = Pick<AksPoolProperties, "provisioningState" | "powerState">;

const isAtRest = ({ provisioningState, powerState }: { [K in keyof State]: State[K] | undefined }): boolean =>
  provisioningState === "Succeeded" && (powerState?.code ?? "Running") === "Running";

const describeState = ({ provisioningState = "in an unknown state", powerState }: State): string =>
  powerState?.code === "Stopped" ? "Stopped" : provisioningState;

const notAtRest = (name: string, state: State): Problem => ({
  code: "Adopt.AksNotAtRest",
  path: `cluster ${name}`,
  message: `it is ${describeState(state)}; only a cluster at rest, running and Succeeded, is taken over`,
  fix: "wait for the end of its operation, start it, or mend it; then run this again",
});

/** With a managed identity AKS says "msi" here. */
const isManaged = (clientId = "msi"): boolean => clientId === "msi";

const principal = (name: string): Problem => ({
  code: "Adopt.AksServicePrincipal",
  path: `cluster ${name}`,
  message:
    "its control plane acts as a service principal, whose secret AKS tells nobody and config has no word for",
  fix: `give it a managed identity: az aks update --name ${name} --enable-managed-identity`,
  source: `${AKS}/use-managed-identity`,
});

const birthName = (name: string): Problem => ({
  code: "Adopt.AksBirthName",
  path: `cluster ${name}`,
  message: `it has an agent pool "${BIRTH_POOL}", which is what changeover calls the pool that a new cluster is born with, and deletes`,
  fix: "move its workloads to a pool of another name first",
});

/** What config says once for all pools of a cluster. */
export interface Shared {
  readonly subnet: string;
  readonly podSubnet: string;
  readonly network: AksNetwork;
}

type Judge = (pool: AksPool, shared: Shared) => Problem | undefined;

const pathOf = ({ name = "" }: AksPool): string => `agent pool ${name}`;

const LEAVE_OUT = "leave it out by naming the others";

const atRest: Judge = pool =>
  isAtRest({ provisioningState: undefined, powerState: undefined, ...pool.properties })
    ? undefined
    : {
        code: "Adopt.AksPoolNotAtRest",
        path: pathOf(pool),
        message: `it is ${describeState(pool.properties ?? {})}; only a pool at rest, running and Succeeded, is taken over`,
        fix: "wait for the end of its operation, start it, or mend it; then run this again",
      };

const linux: Judge = pool =>
  pool.properties?.osType !== "Windows"
    ? undefined
    : {
        code: "Adopt.AksWindows",
        path: pathOf(pool),
        message: "its nodes run Windows, which changeover neither drains nor proves",
        fix: LEAVE_OUT,
      };

const scaleSet: Judge = pool => {
  const { type = "VirtualMachineScaleSets" } = pool.properties ?? {};
  if (type === "VirtualMachineScaleSets") return undefined;
  return {
    code: "Adopt.AksPoolType",
    path: pathOf(pool),
    message: `its type is ${type}; a generation is a scale set, of one machine type`,
    fix: `${LEAVE_OUT}, or move its workloads to a pool of type VirtualMachineScaleSets`,
    source: `${AKS}/virtual-machines-node-pools`,
  };
};

const knownImage: Judge = pool => {
  const { nodeImageVersion: image = "", osType } = pool.properties ?? {};
  if (osType === "Windows" || osSkuOf(image) !== undefined) return undefined;
  return {
    code: "Adopt.AksImage",
    path: pathOf(pool),
    message: `its node image is "${image}"; changeover makes pools of Ubuntu and Azure Linux 3`,
    fix: `${LEAVE_OUT}, or move its workloads to a pool with one of these`,
  };
};

const sameNetwork: Judge = (pool, shared) => {
  const { vnetSubnetID, podSubnetID } = pool.properties ?? {};
  if ((vnetSubnetID ?? "") === shared.subnet && (podSubnetID ?? "") === shared.podSubnet) return undefined;
  return {
    code: "Adopt.AksSubnet",
    path: pathOf(pool),
    message: "its nodes or pods are in another subnet than most pools'; config has one for all",
    fix: LEAVE_OUT,
  };
};

/** Pods that a node takes where its pool does not say: learn.microsoft.com/azure/aks/node-auto-provisioning-aksnodeclass */
const usualPods = ({
  network: { networkPlugin, networkPluginMode },
  podSubnet,
}: Shared): number | undefined => {
  if (networkPluginMode === "overlay") return 250;
  if (networkPlugin === "azure") return podSubnet === "" ? 30 : undefined;
  return networkPlugin === "kubenet" ? 110 : undefined;
};

/** Usual value of a property that config has no word for: nothing, false, or one of these. */
const USUAL: Readonly<Record<string, readonly unknown[]>> = {
  mode: ["System", "User"],
  scaleDownMode: ["Delete"],
  kubeletDiskType: ["OS"],
  workloadRuntime: ["OCIContainer"],
  scaleSetEvictionPolicy: ["Delete"],
  spotMaxPrice: [-1],
  ...{ enableEncryptionAtHost: [], enableFIPS: [], enableNodePublicIP: [], enableUltraSSD: [] },
  ...{ nodePublicIPPrefixID: [], gpuInstanceProfile: [], gpuProfile: [], gatewayProfile: [] },
  ...{ kubeletConfig: [], linuxOSConfig: [], localDNSProfile: [], messageOfTheDay: [] },
  ...{ proximityPlacementGroupID: [], hostGroupID: [], capacityReservationGroupID: [] },
  podIPAllocationMode: ["DynamicIndividual"],
};

const isUsual = (value: unknown, usual: readonly unknown[]): boolean =>
  value === undefined || value === null || value === false || value === "" || usual.includes(value);

const isOpen = (rules: unknown): boolean =>
  rules === undefined || rules === null || Object.keys(rules).length === 0;

/** Secure boot, a virtual TPM; the way of ssh is no property of what runs. */
const isHardened = (profile: unknown): boolean => {
  const { enableSecureBoot, enableVTPM } = (profile ?? {}) as Readonly<Record<string, unknown>>;
  return enableSecureBoot === true || enableVTPM === true;
};

const lostOf = ({ properties = {} }: AksPool, shared: Shared): readonly string[] => {
  const pods = usualPods(shared);
  const { maxPods = pods } = properties;
  return [
    ...Object.entries(USUAL).flatMap(([key, usual]) => (isUsual(properties[key], usual) ? [] : [key])),
    ...(pods === undefined || maxPods === pods ? [] : [`maxPods ${maxPods ?? ""}`]),
    ...(isOpen(properties["networkProfile"]) ? [] : ["networkProfile"]),
    ...(isHardened(properties["securityProfile"]) ? ["securityProfile"] : []),
  ];
};

const nothingLost: Judge = (pool, shared) => {
  const lost = lostOf(pool, shared);
  return lost.length === 0
    ? undefined
    : {
        code: "Adopt.AksWouldBeLost",
        path: pathOf(pool),
        message: `the next generation would be without its ${lost.join(" and ")}: config has no word for it`,
        fix: LEAVE_OUT,
      };
};

const JUDGES: readonly Judge[] = [atRest, linux, scaleSet, knownImage, sameNetwork, nothingLost];

/** All that stands against taking over a pool: what changeover can't make, and what it would lose unsaid. */
export const judgePool = (pool: AksPool, shared: Shared): readonly Problem[] =>
  JUDGES.flatMap(judge => judge(pool, shared) ?? []);
