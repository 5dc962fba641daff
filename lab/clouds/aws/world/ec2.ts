import { Fault } from "../../fault";
import type { AwsContext } from "../context";
import { TYPES } from "../instanceTypes";
import type { Form } from "../query";
import { FREE } from "./world";

const LETTERS = ["a", "b", "c"];

/** Subnets have no zone in this stand-in, so they get one by their order in the cluster: a, b, c. */
const zoneOf = ({ state, region }: AwsContext, id: string): string => {
  const cluster = Object.values(state.clusters).find(({ subnets }) => subnets.includes(id));
  return `${region}${LETTERS[cluster?.subnets.indexOf(id) ?? 0] ?? "a"}`;
};

const numbered = (form: Form, name: string): readonly string[] =>
  [...form].flatMap(([key, value]) => (key.startsWith(`${name}.`) ? [value] : []));

const answer = (action: string, list: string, items: readonly string[]): string =>
  `<${action}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>stand-in</requestId><${list}>${items.map(item => `<item>${item}</item>`).join("")}</${list}></${action}Response>`;

/** Each with its zone and its free addresses; one that is not known fails the whole call, as EC2 does it. */
export const describeSubnets = (context: AwsContext, form: Form): string => {
  const ids = numbered(form, "SubnetId");
  const gone = ids.filter(id => context.world.noSubnets.has(id));
  if (gone.length > 0)
    throw new Fault("InvalidSubnetID.NotFound", `The subnet ID '${gone.join(", ")}' does not exist`);
  return answer(
    "DescribeSubnets",
    "subnetSet",
    ids.map(
      id =>
        `<subnetId>${id}</subnetId><availabilityZone>${zoneOf(context, id)}</availabilityZone><availableIpAddressCount>${context.world.free.get(id) ?? FREE}</availableIpAddressCount>`,
    ),
  );
};

export const describeRegions = ({ world }: AwsContext): string =>
  answer(
    "DescribeRegions",
    "regionInfo",
    [...world.regions].map(
      ([name, status]) =>
        `<regionName>${name}</regionName><regionEndpoint>ec2.${name}.amazonaws.com</regionEndpoint><optInStatus>${status}</optInStatus>`,
    ),
  );

const asked = (form: Form): readonly string[] => numbered(form, "Filter.1.Value");

const zonesOf = ({ world }: AwsContext, type: string): readonly string[] =>
  world.offeredIn.get(type) ?? LETTERS;

/** A filter leaves out what the region does not have. */
export const describeInstanceTypes = (context: AwsContext, form: Form): string =>
  answer(
    "DescribeInstanceTypes",
    "instanceTypeSet",
    asked(form)
      .filter(name => zonesOf(context, name).length > 0)
      .flatMap(name => {
        const type = TYPES[name];
        return type === undefined
          ? []
          : [
              `<instanceType>${name}</instanceType><vCpuInfo><defaultVCpus>${type.cpu}</defaultVCpus></vCpuInfo><networkInfo><ipv4AddressesPerInterface>${type.addresses}</ipv4AddressesPerInterface></networkInfo>`,
            ];
      }),
  );

export const describeOfferings = (context: AwsContext, form: Form): string =>
  answer(
    "DescribeInstanceTypeOfferings",
    "instanceTypeOfferingSet",
    asked(form)
      .filter(name => TYPES[name] !== undefined)
      .flatMap(name =>
        zonesOf(context, name).map(
          letter =>
            `<instanceType>${name}</instanceType><location>${context.region}${letter}</location><locationType>availability-zone</locationType>`,
        ),
      ),
  );
