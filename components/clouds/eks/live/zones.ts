import { ask } from "./call";
import { sendSigned } from "./signed";

const API_VERSION = "2016-11-15";

const all = (pattern: RegExp, text: string): readonly string[] =>
  [...text.matchAll(pattern)].map(([, found = ""]) => found);

/** Subnet → availability zone ("eu-west-1a"), as EC2's DescribeSubnets says it: each subnet has both tags once. */
export const readZones = async (
  region: string,
  subnets: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const body = new URLSearchParams([
    ["Action", "DescribeSubnets"],
    ["Version", API_VERSION],
    ...subnets.map((id, index) => [`SubnetId.${index + 1}`, id] as [string, string]),
  ]).toString();
  const headers = { "content-type": "application/x-www-form-urlencoded" };
  const text = await ask({ action: "ec2:DescribeSubnets", on: subnets.join(", ") }, () =>
    sendSigned({ service: "ec2", region, headers, body }),
  );
  const zones = all(/<availabilityZone>([^<]+)</g, text);
  return new Map(all(/<subnetId>([^<]+)</g, text).map((id, index) => [id, zones[index] ?? ""]));
};

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
