import { type Cluster, DescribeClusterCommand } from "@aws-sdk/client-eks";
import { minorText, parseKubeVersion } from "../../../../../core/version/kubeVersion";
import type { WantedAtCloud } from "../../../../../operations/ports";
import { once } from "../../../shared/live/sideBySide";
import { poolSubnets } from "../../facts";
import { regionOf } from "../access";
import { askFor, isNamed } from "../call";
import { eksClient } from "../clients";
import { readSubnets, type Subnet } from "../zones";
import { type MachineType, readMachineTypes } from "./machineTypes";

/** What all checks work on. What several of them need is asked once. */
export interface Question {
  readonly wanted: WantedAtCloud;
  readonly region: string;
  readonly signal: AbortSignal;
  readonly now: number;
  /** Where the control plane goes, in minors; absent where it stays. */
  readonly step?: Step;
  /** As EKS has it; undefined = there is none. */
  readonly cluster: () => Promise<Cluster | undefined>;
  /** Those that pools to come and the control plane use. */
  readonly subnets: () => Promise<Subnets>;
  /** Of the machines to come; a type that the region does not have is not among them. */
  readonly machineTypes: () => Promise<readonly MachineType[]>;
}

export interface Subnets {
  readonly found: readonly Subnet[];
  /** EC2's words where it does not know all that were named; nothing is found then. */
  readonly unknown?: string;
}

export interface Step {
  readonly from: string;
  readonly to: string;
  readonly back: boolean;
}

/** EC2's own word for a subnet that is not there; it then says nothing of the others. */
const NO_SUBNET = "InvalidSubnetID.NotFound";

const findSubnets = async (
  place: { readonly region: string; readonly signal: AbortSignal },
  ids: readonly string[],
): Promise<Subnets> => {
  try {
    return { found: await readSubnets(place, ids, NO_SUBNET) };
  } catch (error) {
    if (!isNamed(error, NO_SUBNET) || !(error instanceof Error)) throw error;
    return { found: [], unknown: error.message };
  }
};

export const openQuestion = (wanted: WantedAtCloud, signal: AbortSignal): Question => {
  const region = regionOf(wanted.connection);
  const step = stepOf(wanted);
  const cluster = once(() => readCluster(wanted, signal));
  return {
    ...{ wanted, region, signal, now: Date.now(), cluster },
    ...(step === undefined ? {} : { step }),
    subnets: once(async () => {
      const own = (await cluster())?.resourcesVpcConfig?.subnetIds ?? [];
      return findSubnets({ region, signal }, subnetsOf(wanted, own));
    }),
    machineTypes: once(() => readMachineTypes({ region, signal }, machinesOf(wanted))),
  };
};

const stepOf = ({ live, cluster }: WantedAtCloud): Step | undefined => {
  const [from, to] = [parseKubeVersion(live ?? ""), parseKubeVersion(cluster.version)];
  if (!from.ok || !to.ok || minorText(from.value) === minorText(to.value)) return undefined;
  return {
    from: minorText(from.value),
    to: minorText(to.value),
    back: to.value.minor < from.value.minor,
  };
};

const readCluster = async (
  { live, connection }: WantedAtCloud,
  signal: AbortSignal,
): Promise<Cluster | undefined> => {
  if (live === undefined) return undefined;
  const { name } = connection;
  const found = await askFor({ action: "eks:DescribeCluster", on: `cluster ${name}` }, () =>
    eksClient(regionOf(connection)).send(new DescribeClusterCommand({ name }), { abortSignal: signal }),
  );
  return found?.cluster;
};

const subnetsOf = ({ cluster, toCome }: WantedAtCloud, own: readonly string[]): readonly string[] => {
  const known = cluster.eks?.subnets ?? {};
  const ofPools = toCome.flatMap(({ spec }) => poolSubnets(known, spec.zones));
  return [...new Set([...ofPools, ...(own.length === 0 ? Object.values(known) : own)])].sort();
};

const machinesOf = ({ toCome }: WantedAtCloud): readonly string[] =>
  [...new Set(toCome.flatMap(({ spec }) => spec.machine ?? []))].sort();
