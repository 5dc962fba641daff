import { type Addon, DescribeAddonCommand, DescribeAddonVersionsCommand } from "@aws-sdk/client-eks";
import type { ConnectionRecipe } from "../../../../core/config/connection";
import { present } from "../../../../core/config/existing";
import type { AddOnState } from "../../../../operations/ports";
import { OWN_TAG } from "../facts";
import { regionOf } from "./access";
import { ask, askFor, isNamed } from "./call";
import { eksClient } from "./clients";

/** One version of an add-on, and the minors of control planes it is made for. */
export interface ListedVersion {
  readonly version: string;
  readonly minors: readonly string[];
  /** Minors for which EKS takes it where nobody names one. */
  readonly defaultFor: readonly string[];
}

/** An add-on as EKS has it in a cluster. */
export interface HeldAddOn {
  readonly version: string;
  readonly status: string;
  /** "ConfigurationConflict: …", one text a reason. */
  readonly issues: readonly string[];
  /** Whether a stack of ours made it. */
  readonly ours: boolean;
  /** "CloudFormation stack shop": who keeps it by the tags it bears. */
  readonly keeper?: string;
}

/** All versions that EKS lists of an add-on, newest first. None = EKS knows no such add-on. */
export const listVersions = async (
  place: ConnectionRecipe,
  addonName: string,
): Promise<readonly ListedVersion[]> => {
  const asked = { action: "eks:DescribeAddonVersions", on: `add-on ${addonName}` };
  const send = (nextToken?: string) =>
    ask(
      asked,
      () =>
        eksClient(regionOf(place)).send(
          new DescribeAddonVersionsCommand(
            nextToken === undefined ? { addonName } : { addonName, nextToken },
          ),
        ),
      ...UNKNOWN_NAME,
    );
  const listed: ListedVersion[] = [];
  try {
    for (let token: string | undefined = undefined, more = true; more; more = token !== undefined) {
      const { addons = [], nextToken }: Awaited<ReturnType<typeof send>> = await send(token);
      listed.push(...addons.flatMap(({ addonVersions = [] }) => addonVersions.map(readVersion)));
      token = nextToken;
    }
  } catch (error) {
    if (isNamed(error, ...UNKNOWN_NAME)) return [];
    throw error;
  }
  return listed.sort((a, b) => compareNewest(a.version, b.version));
};

const numbers = (version: string): readonly number[] => (version.match(/\d+/g) ?? []).map(Number);

const compareNewest = (a: string, b: string): number => {
  const [left, right] = [numbers(a), numbers(b)];
  const at = left.findIndex((part, index) => part !== right[index]);
  return at < 0 ? 0 : (right[at] ?? 0) - (left[at] ?? 0);
};

/** "v1.18.1-eksbuild.1" → 18. */
const cniMinor = (version: string): number => Number(/^v1\.(\d+)\./.exec(version)?.[1]);

/** EKS moves vpc-cni by one minor at a time: https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2749 */
export const cniSkips = (from: string, to: string): boolean => Math.abs(cniMinor(to) - cniMinor(from)) > 1;

/** Errors of API_DescribeAddonVersions.html that are about the name asked for. */
const UNKNOWN_NAME = ["ResourceNotFoundException", "InvalidParameterException"];

interface RawVersion {
  readonly addonVersion?: string | undefined;
  readonly compatibilities?:
    | readonly {
        readonly clusterVersion?: string | undefined;
        readonly defaultVersion?: boolean | undefined;
      }[]
    | undefined;
}

const readVersion = ({ addonVersion = "", compatibilities = [] }: RawVersion): ListedVersion => ({
  version: addonVersion,
  minors: compatibilities.flatMap(({ clusterVersion }) => clusterVersion ?? []),
  defaultFor: compatibilities.flatMap(({ clusterVersion, defaultVersion }) =>
    defaultVersion === true ? (clusterVersion ?? []) : [],
  ),
});

/** `undefined` = EKS has no such add-on in the cluster, or no such cluster. */
export const findAddOn = async (place: ConnectionRecipe, addonName: string): Promise<Addon | undefined> => {
  const found = await askFor(
    { action: "eks:DescribeAddon", on: `add-on ${addonName} of ${place.name}` },
    () => eksClient(regionOf(place)).send(new DescribeAddonCommand({ clusterName: place.name, addonName })),
  );
  return found?.addon;
};

export const readAddOn = async (
  place: ConnectionRecipe,
  addonName: string,
): Promise<HeldAddOn | undefined> => {
  const found = await findAddOn(place, addonName);
  return found === undefined ? undefined : readHeld(found, place.name);
};

/**
 * Tags by which tools mark what they keep; Terraform and Pulumi leave none. Sources, in order: docs.aws.amazon.com,
 * CloudFormation, "Resource tags"; aws-controllers-k8s.github.io, "Resource tags"; crossplane-contrib/provider-upjet-aws,
 * "External tags".
 */
const KEEPERS: Readonly<Record<string, (value: string) => string>> = {
  "aws:cloudformation:stack-name": stack => `CloudFormation stack ${stack}`,
  "services.k8s.aws/controller-version": () => "AWS Controllers for Kubernetes",
  "crossplane-name": name => `Crossplane's ${name}`,
};

export const keeperIn = (tags: Readonly<Record<string, string>> = {}): string | undefined =>
  Object.entries(tags)
    .map(([tag, value]) => KEEPERS[tag]?.(value))
    .find(keeper => keeper !== undefined);

export const readHeld = ({ addonVersion = "", status, health, tags }: Addon, cluster: string): HeldAddOn => ({
  version: addonVersion,
  status: status ?? "of unknown status",
  issues: (health?.issues ?? []).map(({ code = "", message = "" }) => `${code}: ${message}`),
  ours: tags?.[OWN_TAG] === cluster,
  ...present("keeper", keeperIn(tags)),
});

/** Statuses that no waiting changes: API_Addon.html. */
export const FAILED = ["CREATE_FAILED", "UPDATE_FAILED", "DELETE_FAILED"];

const stateOf = ({ status }: HeldAddOn): AddOnState["state"] => {
  if (status === "ACTIVE") return "well";
  return FAILED.includes(status) ? "failed" : "unwell";
};

/** Status and reasons in EKS's own words. */
export const describeHeld = ({ status, issues }: HeldAddOn): string => [status, ...issues].join("; ");

export const addOnStates = (
  place: ConnectionRecipe,
  names: readonly string[],
): Promise<readonly AddOnState[]> =>
  Promise.all(
    names.map(async (name): Promise<AddOnState> => {
      const held = await readAddOn(place, name);
      if (held === undefined)
        return { name, state: "absent", said: "EKS has no such add-on in this cluster" };
      return { name, version: held.version, state: stateOf(held), said: describeHeld(held) };
    }),
  );
