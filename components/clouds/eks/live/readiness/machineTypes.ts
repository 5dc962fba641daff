import { numbered, query } from "../query";
import { findAll, membersOf, textOf, type XmlElement } from "../xml";

export interface MachineType {
  readonly name: string;
  readonly vcpus: number;
  /** IPv4 addresses that one network interface of it holds, its own among them. */
  readonly addressesPerInterface: number;
}

interface Place {
  readonly region: string;
  readonly signal: AbortSignal;
}

const isKnown = (type: MachineType): boolean => type.name !== "" && type.vcpus > 0;

const readType = (item: XmlElement): MachineType => ({
  name: textOf(item, "instanceType") ?? "",
  vcpus: Number(textOf(item, "defaultVCpus") ?? 0),
  addressesPerInterface: Number(textOf(item, "ipv4AddressesPerInterface") ?? 1),
});

/** By a filter, which leaves out what the region does not have: a list of names would be refused for one of them. */
export const readMachineTypes = async (
  { region, signal }: Place,
  names: readonly string[],
): Promise<readonly MachineType[]> => {
  if (names.length === 0) return [];
  const asked = { action: "ec2:DescribeInstanceTypes", on: names.join(", ") } as const;
  const filter = numbered("Filter.1.Value", names);
  const answer = await query({
    asked,
    region,
    signal,
    form: [["Filter.1.Name", "instance-type"], ...filter],
  });
  return membersOf(answer, "instanceTypeSet").map(readType).filter(isKnown);
};

/** Machine type → zones of the region that offer it. */
export const readOfferings = async (
  { region, signal }: Place,
  names: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const asked = { action: "ec2:DescribeInstanceTypeOfferings", on: names.join(", ") } as const;
  const answer = await query({
    ...{ asked, region, signal },
    form: [
      ["LocationType", "availability-zone"],
      ["Filter.1.Name", "instance-type"],
      ...numbered("Filter.1.Value", names),
    ],
  });
  const found = new Map<string, string[]>();
  for (const item of findAll(answer, "item")) {
    const name = textOf(item, "instanceType") ?? "";
    found.set(name, [...(found.get(name) ?? []), textOf(item, "location") ?? ""].sort());
  }
  return found;
};
