import type { PoolSpec } from "../../../../../core/config";
import type { Problem } from "../../../../../core/problem";
import type { MachinesToCome } from "../../../../../core/upgrade/toCome";
import { poolSubnets } from "../../facts";
import type { Subnet } from "../zones";
import { type Findings, allOf, NOTHING } from "../../../shared/live/sideBySide";
import { blocked, warned } from "./findings";
import type { MachineType } from "./machineTypes";
import type { Question } from "./question";

const CNI_URL = "https://github.com/aws/amazon-vpc-cni-k8s/blob/master/docs/eni-and-ip-target.md";
const UPDATE_URL = "https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html";
/** "Amazon EKS requires up to five available IP addresses from the subnets that you specified" (update-cluster.html). */
const PLANE_NEEDS = 5;

/** Free addresses for machines to come, and for the interfaces of a control plane that moves. */
export const checkAddresses = async (question: Question): Promise<Findings> => {
  const { wanted, step } = question;
  const { toCome, cluster } = wanted;
  if (toCome.length === 0 && step === undefined) return NOTHING;
  const [{ found: subnets, unknown }, types, live] = await Promise.all([
    question.subnets(),
    question.machineTypes(),
    question.cluster(),
  ]);
  if (unknown !== undefined) return NOTHING;
  const needs = toCome.map(one => needOf(one, cluster.eks?.subnets ?? {}, types));
  return allOf([
    judgePools(subnets, needs),
    ...(step === undefined ? [] : [judgePlane(subnets, live?.resourcesVpcConfig?.subnetIds ?? [])]),
  ]);
};

/** What a pool takes from its subnets. */
export interface Need {
  readonly pool: string;
  readonly subnets: readonly string[];
  readonly nodes: number;
  /** What a node takes at least: whatever the network plugin, its first interface has an address. */
  readonly least: number;
  /** What the VPC CNI takes with its default settings as soon as a node is there: one interface, full. */
  readonly usual: number;
}

const needOf = (
  { pool, count, spec }: MachinesToCome<PoolSpec>,
  subnets: Readonly<Record<string, string>>,
  types: readonly MachineType[],
): Need => ({
  pool,
  subnets: poolSubnets(subnets, spec.zones),
  nodes: count,
  least: 1,
  usual: types.find(({ name }) => name === spec.machine)?.addressesPerInterface ?? 1,
});

/**
 * Pools that share subnets share their addresses. A set of subnets must hold all pools that have no other: tried for
 * each pool's own set and for all of them together.
 */
export const judgePools = (subnets: readonly Subnet[], needs: readonly Need[]): Findings => {
  const sets = new Map(needs.map(({ subnets: own }) => [own.join(), own]));
  const all = [...new Set(needs.flatMap(({ subnets: own }) => own))].sort();
  sets.set(all.join(), all);
  const verdicts = [...sets.values()].filter(set => set.length > 0).map(set => judgeSet(set, subnets, needs));
  const worst = verdicts.some(({ blockers }) => blockers.length > 0);
  return allOf([...verdicts, ...(worst ? [] : [warnOfFull(subnets, needs)])]);
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

const judgeSet = (set: readonly string[], subnets: readonly Subnet[], needs: readonly Need[]): Findings => {
  const inside = needs.filter(({ subnets: own }) => own.every(id => set.includes(id)));
  const known = subnets.filter(({ id }) => set.includes(id));
  const unknown = set.filter(id => known.find(one => one.id === id)?.free === undefined);
  if (unknown.length > 0) return warned(notTold(unknown));
  const short = { pools: inside, free: sum(known.map(({ free = 0 }) => free)), subnets: known };
  if (short.free < sum(inside.map(({ nodes, least }) => nodes * least))) return blocked(tooFew(short));
  return short.free < sum(inside.map(({ nodes, usual }) => nodes * usual)) ? warned(tight(short)) : NOTHING;
};

interface Short {
  readonly pools: readonly Need[];
  readonly free: number;
  readonly subnets: readonly Subnet[];
}

const names = (pools: readonly Need[]): string => pools.map(({ pool }) => pool).join(", ");
const inEach = (subnets: readonly Subnet[]): string =>
  subnets.map(({ id, zone, free = 0 }) => `${id} in ${zone}: ${free}`).join(", ");

const tooFew = ({ pools, free, subnets }: Short): Problem => ({
  code: "Eks.SubnetsFull",
  path: "cluster.eks.subnets",
  message: `found ${free} free addresses (${inEach(subnets)}); the ${sum(pools.map(({ nodes }) => nodes))} nodes to come of ${names(pools)} need at least one each, before any pod`,
  fix: "free addresses, name other subnets, or lower strategy.poolSurge so that fewer nodes exist at a time",
  source: CNI_URL,
});

const tight = ({ pools, free, subnets }: Short): Problem => ({
  code: "Eks.SubnetsTight",
  path: "cluster.eks.subnets",
  message: `found ${free} free addresses (${inEach(subnets)}); with the VPC CNI at its defaults the nodes to come of ${names(pools)} take ${sum(pools.map(({ nodes, usual }) => nodes * usual))}: each fills a whole network interface, and a second one once it has pods`,
  fix: "free addresses or name other subnets; with WARM_IP_TARGET, prefixes, a network of the pods' own or another plugin nodes take fewer, which is not looked at",
  source: CNI_URL,
});

const notTold = (ids: readonly string[]): Problem => ({
  code: "Eks.AddressesUnknown",
  path: "cluster.eks.subnets",
  message: `EC2 did not say how many addresses are free in ${ids.join(", ")}`,
  fix: "look at them yourself: `aws ec2 describe-subnets`",
});

/** Auto Scaling goes on in other zones, but then the nodes are not where the pool wants them. */
const warnOfFull = (subnets: readonly Subnet[], needs: readonly Need[]): Findings => {
  const used = new Set(needs.flatMap(({ subnets: own }) => own));
  const full = subnets.filter(({ id, free }) => used.has(id) && free === 0);
  return full.length === 0 ? NOTHING : warned(oneFull(full));
};

const oneFull = (full: readonly Subnet[]): Problem => ({
  code: "Eks.SubnetFull",
  path: "cluster.eks.subnets",
  message: `no address is free in ${full.map(({ id, zone }) => `${id} (${zone})`).join(", ")}: nodes to come gather in the other zones, where volumes of that zone can't be attached`,
  fix: "free addresses there, or name another subnet of that zone",
  source: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html",
});

export const judgePlane = (subnets: readonly Subnet[], own: readonly string[]): Findings => {
  const known = subnets.filter(({ id, free }) => own.includes(id) && free !== undefined);
  if (known.length < own.length) return NOTHING;
  const free = sum(known.map(one => one.free ?? 0));
  return free >= PLANE_NEEDS ? NOTHING : blocked(planeTooFew(free, known));
};

const planeTooFew = (free: number, known: readonly Subnet[]): Problem => ({
  code: "Eks.NoAddressesForUpgrade",
  path: "cluster.eks.subnets",
  message: `found ${free} free addresses in the cluster's own subnets (${inEach(known)}); moving the control plane takes up to ${PLANE_NEEDS}`,
  fix: "free addresses in these subnets, or give the cluster others (`aws eks update-cluster-config --resources-vpc-config subnetIds=…`)",
  source: UPDATE_URL,
});
