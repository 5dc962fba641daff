import { numbered, query } from "./query";
import { membersOf, textOf } from "./xml";

export interface Subnet {
  readonly id: string;
  /** "eu-west-1a". */
  readonly zone: string;
  /** Addresses that nothing has; absent where EC2 does not say. */
  readonly free?: number;
}

/** As EC2's DescribeSubnets says it. `expected` names errors that the caller judges itself. */
export const readSubnets = async (
  { region, signal }: { readonly region: string; readonly signal?: AbortSignal },
  ids: readonly string[],
  ...expected: readonly string[]
): Promise<readonly Subnet[]> => {
  const asked = { action: "ec2:DescribeSubnets", on: ids.join(", ") } as const;
  const answer = await query({ asked, region, signal, expected, form: numbered("SubnetId", ids) });
  return membersOf(answer, "subnetSet").map(item => {
    const free = textOf(item, "availableIpAddressCount");
    return {
      id: textOf(item, "subnetId") ?? "",
      zone: textOf(item, "availabilityZone") ?? "",
      ...(free === undefined ? {} : { free: Number(free) }),
    };
  });
};

/** Subnet → availability zone. */
export const readZones = async (
  region: string,
  subnets: readonly string[],
): Promise<ReadonlyMap<string, string>> =>
  new Map((await readSubnets({ region }, subnets)).map(({ id, zone }) => [id, zone]));

/**
 * Config's own names of the subnets: the letter of the zone, and a number after it where a zone has more than one. Those
 * that pools lie in come first.
 */
export const nameSubnets = (
  zones: ReadonlyMap<string, string>,
  used: ReadonlySet<string>,
): Readonly<Record<string, string>> => {
  const ordered = [...zones].sort(
    ([a], [b]) => Number(used.has(b)) - Number(used.has(a)) || a.localeCompare(b),
  );
  const named = new Map<string, string>();
  for (const [id, zone] of ordered) {
    const letter = zone.slice(-1);
    const count = [...named.keys()].filter(name => name.startsWith(letter)).length;
    named.set(count === 0 ? letter : `${letter}${count + 1}`, id);
  }
  return Object.fromEntries([...named].sort(([a], [b]) => a.localeCompare(b)));
};
