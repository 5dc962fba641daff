import type { ConnectionRecipe } from "../../../../core/config/connection";
import type { Problem } from "../../../../core/problem";
import { otherRegion } from "../../shared/live/regions";
import { regionOf } from "./access";
import { query } from "./query";
import { iamRegion } from "./signed";
import { membersOf, textOf } from "./xml";

const REGIONS_URL = "https://docs.aws.amazon.com/general/latest/gr/eks.html";
const ENABLE_URL = "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html";

/** A region of the partition, as EC2's DescribeRegions says it. */
export interface Region {
  readonly name: string;
  readonly enabled: boolean;
}

/** Partitions that are closed to all others know their regions by names of their own, and are not asked here. */
const ELSEWHERE = /^(?:us-iso|eu-iso|eusc-)/;

/**
 * A region that does not exist has no address that could say so, and one that the account has not enabled takes no
 * credentials: the list is asked of a region that each account of the partition has.
 */
export const checkPlace = async (
  connection: ConnectionRecipe,
  signal: AbortSignal,
): Promise<readonly Problem[]> => {
  const region = regionOf(connection);
  return ELSEWHERE.test(region) ? [] : judgeRegion(region, await readRegions(region, signal));
};

const readRegions = async (region: string, signal: AbortSignal): Promise<readonly Region[]> => {
  const asked = { action: "ec2:DescribeRegions", on: "this account" } as const;
  const form: [string, string][] = [["AllRegions", "true"]];
  const answer = await query({ asked, region: iamRegion(region), form, signal });
  return membersOf(answer, "regionInfo").map(item => ({
    name: textOf(item, "regionName") ?? "",
    enabled: textOf(item, "optInStatus") !== "not-opted-in",
  }));
};

export const judgeRegion = (wanted: string, regions: readonly Region[]): readonly Problem[] => {
  if (regions.length === 0) return [];
  const found = regions.find(({ name }) => name === wanted);
  if (found === undefined) return [noRegion(wanted, regions)];
  return found.enabled ? [] : [notEnabled(wanted)];
};

const noRegion = (wanted: string, regions: readonly Region[]): Problem => ({
  code: "Eks.RegionUnknown",
  path: "cluster.region",
  message: `found "${wanted}"; AWS has no such region`,
  fix: otherRegion(
    wanted,
    regions.map(({ name }) => name),
    "`aws ec2 describe-regions --all-regions`",
  ),
  source: REGIONS_URL,
});

const notEnabled = (wanted: string): Problem => ({
  code: "Eks.RegionNotEnabled",
  path: "cluster.region",
  message: `found "${wanted}", which this account has not enabled: nothing there takes its credentials`,
  fix: `enable it (\`aws account enable-region --region-name ${wanted}\`), or write another region`,
  source: ENABLE_URL,
});
