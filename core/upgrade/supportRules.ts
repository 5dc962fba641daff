import type { Problem } from "../problem";
import { type Catalog, supportEnds } from "../version/catalog";
import { minorText, parseKubeVersion } from "../version/kubeVersion";
import type { Rule } from "./situation";

/** Version → its problem when support has ended by `now`; undefined while it lasts or when the minor is unknown. */
export const checkSupported = (
  wanted: { readonly cloud: string; readonly version: string; readonly path: string },
  { catalog, now }: { readonly catalog: Catalog; readonly now: string },
): Problem | undefined => {
  const version = parseKubeVersion(wanted.version);
  if (!version.ok) return undefined;
  const minor = minorText(version.value);
  const end = supportEnds(catalog, wanted.cloud, minor);
  if (end === undefined || now.slice(0, 10) <= end) return undefined;
  const source = catalog.minors[minor]?.source;
  return {
    code: "Version.EndOfLife",
    path: wanted.path,
    message: `${minor} has had no standard support since ${end}`,
    fix: "plan the upgrade to a supported minor: `changeover plan` prints the steps",
    ...(source === undefined ? {} : { source }),
  };
};

/** Old versions work; the user should only know. */
export const versionsSupported: Rule = ({ desired, facts }) => {
  const { cloud, version } = desired.cluster;
  const pools = desired.pools.filter(pool => pool.version !== version);
  const wanted = [
    { cloud, version, path: "cluster.version" },
    ...pools.map(pool => ({ cloud, version: pool.version, path: `pools.${pool.name}.version` })),
  ];
  return { warnings: wanted.flatMap(entry => checkSupported(entry, facts) ?? []) };
};
