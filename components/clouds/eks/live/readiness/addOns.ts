import { type Problem, ProblemError } from "../../../../../core/problem";
import { minorOf } from "../../../../../core/version/kubeVersion";
import type { WantedAtCloud } from "../../../../../operations/ports";
import { allOf, type Findings, NOTHING } from "../../../shared/live/sideBySide";
import { BUILT_IN } from "../../facts";
import { withCluster } from "../access";
import { listVersions, readAddOn } from "../addOns";
import type { WantedAddOn } from "./addOnProblems";
import { listInstalled } from "./installed";
import { judgeAddOn } from "./judgeAddOn";

/** What EKS and the cluster say of the add-ons of config: versions, whose they are, how they are. */
export const judgeAddOns = async (asked: WantedAtCloud, signal: AbortSignal): Promise<Findings> => {
  const wanted = wantedOf(asked);
  if (wanted.length === 0) return NOTHING;
  const installed = await withCluster(asked.connection, kube => listInstalled(kube, signal));
  const verdicts = await Promise.all(
    wanted.map(async one => {
      const held = await readAddOn(asked.connection, one.name);
      const runs = installed?.(one.name);
      const seen = {
        ...(held === undefined ? {} : { held }),
        ...(runs === undefined ? {} : { installed: runs }),
      };
      return unlessDenied(one, async () =>
        judgeAddOn(one, { ...seen, listed: await listVersions(asked.connection, one.name) }),
      );
    }),
  );
  return allOf([{ blockers: allOrNone(asked), warnings: [] }, ...verdicts]);
};

const wantedOf = ({ addOns, cluster, live }: WantedAtCloud): readonly WantedAddOn[] =>
  Object.entries(addOns).map(([name, spec]) => ({
    ...{ name, spec, target: minorOf(cluster.version) },
    ...(live === undefined ? {} : { live: minorOf(live) }),
  }));

/** The list of versions is asked for by this check alone: who may not read it is told what stays unknown. */
const unlessDenied = async ({ name }: WantedAddOn, judge: () => Promise<Findings>): Promise<Findings> => {
  try {
    return await judge();
  } catch (error) {
    const denied =
      error instanceof ProblemError && error.problems.some(({ code }) => code === "Eks.AccessDenied");
    if (denied) return { blockers: [], warnings: [notAllowed(name)] };
    throw error;
  }
};

const notAllowed = (name: string): Problem => ({
  code: "Eks.AddOnsNotAsked",
  path: `addOns.${name}`,
  message: "which versions of it fit is unknown: this identity may not read them",
  fix: "allow eks:DescribeAddonVersions: `changeover permissions eks` prints the whole role",
});

/** EKS installs its three network add-ons in a new cluster, or none of them; there is no new cluster with a part. */
const allOrNone = ({ addOns, live, cluster }: WantedAtCloud): readonly Problem[] => {
  const ours = BUILT_IN.filter(name => addOns[name]?.owner === "program");
  if (live !== undefined || cluster.adopt !== undefined) return [];
  if (ours.length === 0 || ours.length === BUILT_IN.length) return [];
  return [
    {
      code: "Eks.AddOnsAllOrNone",
      path: "addOns",
      message: `found owner program for ${ours.join(", ")}; a new cluster gets ${BUILT_IN.join(", ")} from EKS, all or none of them, and what EKS installs by itself would conflict with this stack's own`,
      fix: `make all of ${BUILT_IN.join(", ")} add-ons of this stack, or none of them`,
      source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html",
    },
  ];
};
