import { type PoolSpec, secondsOf } from "../../../../../core/config";
import type { Problem } from "../../../../../core/problem";
import { minorText, parseKubeVersion } from "../../../../../core/version/kubeVersion";
import { type KubeClient, readConfigMap } from "../../../../../kube";
import { type Findings, allOf, NOTHING } from "../../../shared/live/sideBySide";
import { withCluster } from "../access";
import { listGroups } from "../adopted";
import { karpenterRelease } from "../karpenter/installed";
import { listClaims, type LiveNodeClaim, NODE_POOL } from "../karpenter/objects";
import { COMPATIBILITY_URL, firstRelease, supports } from "../karpenter/releases";
import { notInstalled, servesKarpenter } from "../karpenter/served";
import { blocked, warned } from "./findings";
import type { Question } from "./question";

type Own = PoolSpec & { readonly karpenter: NonNullable<PoolSpec["karpenter"]> };

const isOwn = (pool: PoolSpec): pool is Own => pool.karpenter !== undefined;

/** Whether the cluster's Karpenter can make what pools of it ask for, and nothing of theirs ends by itself in the run. */
export const checkOwnKarpenter = async (question: Question): Promise<Findings> => {
  const { wanted, signal } = question;
  const pools = wanted.pools.filter(isOwn);
  if (pools.length === 0) return NOTHING;
  const notThere = blocked(...pools.map(({ name }) => notInstalled(name)));
  if (wanted.live === undefined) return notThere;
  const found = await withCluster(wanted.connection, async kube => {
    if (!(await servesKarpenter(kube, signal))) return notThere;
    return allOf([
      judgeRelease(await karpenterRelease(kube, signal), minorsOf(question, wanted.live ?? "")),
      await judgeRole(kube, question),
      judgeAges(pools, await listClaims(kube, undefined, signal), question.now),
    ]);
  });
  return found ?? NOTHING;
};

/** It has to serve the cluster before and after the step. */
const minorsOf = ({ step, wanted }: Question, live: string): readonly string[] => {
  const parsed = [live, wanted.cluster.version].flatMap(text => {
    const version = parseKubeVersion(text);
    return version.ok ? [minorText(version.value)] : [];
  });
  return [...new Set([...parsed, ...(step === undefined ? [] : [step.to])])];
};

export const judgeRelease = (release: string | undefined, minors: readonly string[]): Findings => {
  if (release === undefined) return warned(releaseUnknown(minors));
  return allOf(
    minors.map(minor => {
      const verdict = supports(release, minor);
      if (verdict === undefined) return warned(releaseUnknown([minor], release));
      return verdict ? NOTHING : blocked(tooOld(release, minor));
    }),
  );
};

const tooOld = (release: string, minor: string): Problem => ({
  code: "Karpenter.TooOld",
  path: "cluster.version",
  message: `found Karpenter ${release}; Kubernetes ${minor} needs ${firstRelease(minor) ?? "a newer one"} or newer`,
  fix: "upgrade Karpenter first, its custom resource definitions too",
  source: COMPATIBILITY_URL,
});

const releaseUnknown = (minors: readonly string[], release = "which no Deployment names"): Problem => ({
  code: "Karpenter.ReleaseUnknown",
  path: "cluster.version",
  message: `whether this cluster's Karpenter, ${release}, supports Kubernetes ${minors.join(" and ")} can't be told here`,
  fix: "look at Karpenter's own table before you go on",
  source: COMPATIBILITY_URL,
});

/** EKS lets nodes of a role join where one of its node groups acts as it, or where the cluster's own map names it. */
const judgeRole = async (kube: KubeClient, { wanted }: Question): Promise<Findings> => {
  const role = wanted.cluster.eks?.nodeRoleArn ?? "";
  const groups = (await listGroups(wanted.connection)) ?? [];
  if (groups.some(({ nodeRole }) => nodeRole === role)) return NOTHING;
  const map = await readConfigMap(kube, { namespace: "kube-system", name: "aws-auth" });
  return map?.data["mapRoles"]?.includes(role) === true ? NOTHING : warned(roleUnknown(role));
};

const roleUnknown = (role: string): Problem => ({
  code: "Karpenter.RoleUnknown",
  path: "cluster.eks.nodeRoleArn",
  message: `no managed node group acts as ${role} and aws-auth does not name it; unless it has an access entry of its own, machines of Karpenter can't join`,
  fix: "see `aws eks describe-access-entry`; make one of type EC2_LINUX where there is none",
  source: "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
});

const HEALTH_MS = 600_000;

/** From now until its migration may last at the latest, and what comes before that. */
export const judgeAges = (
  pools: readonly Pick<Own, "name" | "drain">[],
  claims: readonly LiveNodeClaim[],
  now: number,
): Findings => {
  const total = pools.reduce((sum, { drain }) => sum + drain.timeoutSeconds * 1_000, HEALTH_MS);
  const problems = pools.flatMap(({ name }) => {
    const own = claims.filter(({ metadata }) => metadata.labels?.["changeover.dev/pool"] === name);
    const ending = own.filter(claim => endOf(claim) <= now + total);
    return ending.length === 0 ? [] : [expires(name, ending, total)];
  });
  return problems.length === 0 ? NOTHING : blocked(...problems);
};

const endOf = ({ metadata, spec }: LiveNodeClaim): number =>
  Date.parse(metadata.creationTimestamp ?? "") + secondsOf(spec?.expireAfter) * 1_000;

const expires = (pool: string, claims: readonly LiveNodeClaim[], withinMs: number): Problem => {
  const named = claims.map(({ metadata }) => metadata.name).sort();
  const more = named.length > 3 ? `, and ${named.length - 3} more` : "";
  return {
    code: "Karpenter.Expires",
    path: `pools.${pool}.karpenter.expireAfter`,
    message: `${named.slice(0, 3).join(", ")}${more} of ${claims[0]?.metadata.labels?.[NODE_POOL] ?? pool} end by their age within the ${Math.round(withinMs / 60_000)} minutes that this run may take; expiry is forceful and asks no budget`,
    fix: "let Karpenter replace them first (`kubectl delete nodeclaim …`, one after another), then run `pulumi up`; `expireAfter: Never` for the next generation ends this",
    source: "https://karpenter.sh/docs/concepts/disruption/#expiration",
  };
};
