import type { Problem } from "../../../../core/problem";
import { accept, refuse, type Result } from "../../../../core/result";
import type { AddOnWanted } from "../../../../operations/ports";
import { minorOf } from "../../../../core/version/kubeVersion";
import { cniSkips, type ListedVersion, listVersions } from "./addOns";

/**
 * EKS's default for the minor, as near as one step leads there; what config names stays where it fits and is listed as
 * newer than that.
 */
export const newestAddOn = async ({ connection, ...wanted }: AddOnWanted): Promise<Result<string>> => {
  const listed = await listVersions(connection, wanted.name);
  const chosen = chooseAddOn(listed, wanted);
  return chosen === undefined ? refuse([notListed(wanted.name, minorOf(wanted.version))]) : accept(chosen);
};

/** Of versions that are listed newest first. */
export const chooseAddOn = (
  all: readonly ListedVersion[],
  { name, version, found }: Omit<AddOnWanted, "connection">,
): string | undefined => {
  const minor = minorOf(version);
  const listed = all.filter(one => one.minors.includes(minor));
  const standard = Math.max(
    listed.findIndex(one => one.defaultFor.includes(minor)),
    0,
  );
  const kept = listed.slice(0, standard).find(one => one.version === found);
  const reached = listed
    .slice(standard)
    .find(one => name !== "vpc-cni" || found === undefined || !cniSkips(found, one.version));
  return (kept ?? reached ?? listed[standard])?.version;
};

const notListed = (name: string, minor: string): Problem => ({
  code: "Pin.NoAddOn",
  path: `addOns.${name}`,
  message: `found "${name}"; EKS lists no version of it for Kubernetes ${minor}`,
  fix: "correct the name (`aws eks describe-addon-versions`), or set owner: external",
  source: "https://docs.aws.amazon.com/eks/latest/userguide/addon-compat.html",
});
