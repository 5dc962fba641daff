import { type ClusterVersionInformation, DescribeClusterVersionsCommand } from "@aws-sdk/client-eks";
import { compareMinor, minorText, parseKubeVersion } from "../../../../core/version/kubeVersion";
import { ask } from "./call";
import { eksClient } from "./clients";

/** What EKS has in stock, with its dates. It leaves out what it no longer supports. */
export const offeredVersions = async (
  region: string,
  signal?: AbortSignal,
): Promise<readonly ClusterVersionInformation[]> => {
  const { clusterVersions = [] } = await ask({ action: "eks:DescribeClusterVersions", on: "EKS" }, () =>
    eksClient(region).send(
      new DescribeClusterVersionsCommand({}),
      signal === undefined ? {} : { abortSignal: signal },
    ),
  );
  return clusterVersions.filter(({ versionStatus }) => versionStatus !== "UNSUPPORTED");
};

/** Old to new. */
export const minorsOf = (versions: readonly ClusterVersionInformation[]): readonly string[] => {
  const read = versions.map(({ clusterVersion = "" }) => parseKubeVersion(clusterVersion));
  return read
    .flatMap(version => (version.ok ? [version.value] : []))
    .sort(compareMinor)
    .map(minorText);
};

/** The offered minor with the fewest steps to the wanted one; "none" when nothing is offered. */
export const nearestMinor = (wanted: string, offered: readonly string[]): string => {
  const minor = (text: string): number => Number(text.split(".")[1]);
  const distance = (text: string): number => Math.abs(minor(text) - minor(wanted));
  return [...offered].sort((a, b) => distance(a) - distance(b))[0] ?? "none";
};
