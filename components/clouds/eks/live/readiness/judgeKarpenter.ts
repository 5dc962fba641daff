import type { Problem } from "../../../../../core/problem";
import { type Findings } from "../../../shared/live/sideBySide";
import { warned } from "./findings";

/* Objects of karpenter.sh and karpenter.k8s.aws, as far as they say what Karpenter will do. */

interface Named {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

interface Budget {
  readonly nodes?: string;
  readonly reasons?: readonly string[];
  readonly schedule?: string;
}

export interface NodePool extends Named {
  readonly spec?: {
    readonly template?: {
      readonly spec?: { readonly nodeClassRef?: { readonly name?: string } };
    };
    readonly disruption?: { readonly budgets?: readonly Budget[] };
  };
}

export interface NodeClaim {
  readonly metadata: {
    readonly name: string;
    readonly creationTimestamp?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec?: { readonly expireAfter?: string };
}

interface AmiTerm {
  readonly id?: string;
  readonly alias?: string;
  readonly name?: string;
  readonly owner?: string;
  readonly tags?: Readonly<Record<string, string>>;
}

export interface NodeClass extends Named {
  readonly spec?: { readonly amiSelectorTerms?: readonly AmiTerm[] };
}

export interface Karpenter {
  readonly pools: readonly NodePool[];
  readonly claims: readonly NodeClaim[];
  readonly classes: readonly NodeClass[];
}

const AMI_URL = "https://karpenter.sh/docs/tasks/managing-amis/";
/** A run that is longer is told of at its next preview. */
const HORIZON_MS = 86_400_000;

/** One warning for each NodePool that has nodes or will change some: Karpenter's nodes are not managed here. */
export const judgeKarpenter = (
  found: Karpenter,
  at: { readonly to: string; readonly now: number },
): Findings => warned(...found.pools.flatMap(pool => judgePool(pool, found, at) ?? []));

const judgePool = (
  pool: NodePool,
  { claims, classes }: Karpenter,
  { to, now }: { readonly to: string; readonly now: number },
): Problem | undefined => {
  const name = pool.metadata.name;
  const own = claims.filter(({ metadata }) => metadata.labels?.["karpenter.sh/nodepool"] === name);
  const drift = driftOf(pool, classes);
  const expiring = own
    .filter(claim => expiresBy(claim, now + HORIZON_MS))
    .map(({ metadata }) => metadata.name);
  if (drift === undefined && expiring.length === 0)
    return own.length === 0 ? undefined : stays(name, own.length);
  return moves({ name, nodes: own.length, to, drift, expiring, budgets: describeBudgets(pool) });
};

const classOf = ({ spec }: NodePool): string => spec?.template?.spec?.nodeClassRef?.name ?? "";

const termsOf = (classes: readonly NodeClass[], name: string): readonly AmiTerm[] | undefined =>
  classes.find(({ metadata }) => metadata.name === name)?.spec?.amiSelectorTerms;

/** Why nodes of the pool will be replaced, or undefined where nothing replaces them for the version's sake. */
const driftOf = (pool: NodePool, classes: readonly NodeClass[]): string | undefined => {
  if (budgetsOf(pool).some(holdsDrift)) return undefined;
  const name = classOf(pool);
  const terms = termsOf(classes, name);
  if (terms === undefined)
    return `its node class "${name}" can't be read, so its AMI may follow the control plane`;
  const moving = terms.filter(term => !isPinned(term)).map(describeTerm);
  return moving.length === 0 ? undefined : `EC2NodeClass ${name} selects its AMI by ${moving.join(", ")}`;
};

/**
 * An id stays, and the whole name of one of Amazon's own images. An alias, also one with a date, is looked up among the images of the control plane's minor
 * (aws/karpenter-provider-aws, pkg/providers/amifamily/al2023.go: resolvePath).
 */
const isPinned = ({ id, name, owner }: AmiTerm): boolean =>
  id !== undefined || (owner === "amazon" && name !== undefined && !/[*?]/.test(name));

const describeTerm = ({ alias, name, tags }: AmiTerm): string => {
  if (alias !== undefined) return `alias ${alias}`;
  return name === undefined ? `tags ${Object.keys(tags ?? {}).join("+")}` : `name ${name}`;
};

/** Karpenter's own default: karpenter.sh/docs/concepts/disruption, "Disruption Budgets". */
const budgetsOf = ({ spec }: NodePool): readonly Budget[] => spec?.disruption?.budgets ?? [{ nodes: "10%" }];

/** The most restrictive budget holds; one with a schedule only at its time. */
const holdsDrift = ({ nodes, reasons, schedule }: Budget): boolean =>
  (nodes === "0" || nodes === "0%") &&
  schedule === undefined &&
  (reasons === undefined || reasons.includes("Drifted"));

const describeBudgets = (pool: NodePool): string =>
  budgetsOf(pool)
    .map(({ nodes = "10%", reasons, schedule }) =>
      [nodes, ...(reasons ?? []), ...(schedule === undefined ? [] : [`at ${schedule}`])].join(" "),
    )
    .join("; ");

const UNIT_MS: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1_000 };

/** "720h", "1h30m"; Never and what can't be read = no end that is known. */
const lifeOf = (text: string | undefined): number => {
  const parts = [...(text ?? "").matchAll(/(\d+)([hms])/g)];
  if (parts.length === 0) return Infinity;
  return parts.reduce((total, [, count, unit = "s"]) => total + Number(count) * (UNIT_MS[unit] ?? 0), 0);
};

const expiresBy = ({ metadata, spec }: NodeClaim, by: number): boolean =>
  Date.parse(metadata.creationTimestamp ?? "") + lifeOf(spec?.expireAfter) <= by;

const stays = (name: string, nodes: number): Problem => ({
  code: "Eks.KarpenterStays",
  path: `nodepools.karpenter.sh/${name}`,
  message: `found ${nodes} nodes of Karpenter, which are not managed here: they keep their kubelet when the control plane moves`,
  fix: "move them afterwards, before the control plane is more than three minors ahead of them",
  source: AMI_URL,
});

const moves = (pool: {
  readonly name: string;
  readonly nodes: number;
  readonly to: string;
  readonly drift: string | undefined;
  readonly expiring: readonly string[];
  readonly budgets: string;
}): Problem => {
  const { name, nodes, to, drift, expiring, budgets } = pool;
  const drifts =
    drift === undefined
      ? []
      : [`${drift}, so they drift once the control plane serves ${to}, by its budgets (${budgets})`];
  const expires =
    expiring.length === 0 ? [] : [`${expiring.join(", ")} expire within a day, whatever the budgets say`];
  return {
    code: "Eks.KarpenterMoves",
    path: `nodepools.karpenter.sh/${name}`,
    message: `found ${nodes} nodes of Karpenter, which are not managed here and which it replaces by itself: ${[...drifts, ...expires].join("; ")}`,
    fix: 'for the time of the upgrade pin the AMI by id in the EC2NodeClass and add the budget {nodes: "0", reasons: [Drifted]}; raise expireAfter, or let these nodes go before',
    source: AMI_URL,
  };
};
