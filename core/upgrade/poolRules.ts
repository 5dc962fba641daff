import { generationId } from "../identity/generation";
import type { Problem } from "../problem";
import {
  compareMinor,
  formatVersion,
  type KubeVersion,
  minorText,
  parseKubeVersion,
} from "../version/kubeVersion";
import { checkPoolVersion } from "../version/poolVersion";
import { checkOlder } from "../version/skew";
import type { DesiredPool } from "./cluster";
import type { LiveControlPlane, Rule, Situation } from "./situation";

interface ReadPool {
  readonly pool: DesiredPool;
  readonly version: KubeVersion;
  readonly path: string;
}

const readPools = (situation: Situation): readonly ReadPool[] =>
  situation.desired.pools.flatMap(pool => {
    const version = parseKubeVersion(pool.version);
    return version.ok ? [{ pool, version: version.value, path: `pools.${pool.name}.version` }] : [];
  });

/** A version that can't be read makes every other rule blind to its pool. */
export const poolVersionsReadable: Rule = ({ desired }) => ({
  blockers: desired.pools.flatMap(({ name, version }) => {
    const read = parseKubeVersion(version);
    return read.ok ? [] : read.problems.map(problem => ({ ...problem, path: `pools.${name}.version` }));
  }),
});

/** What config asks of each pool fits what it asks of the control plane, in both directions. */
export const poolsFitControlPlane: Rule = situation => ({
  blockers: readPools(situation).flatMap(({ pool, version, path }) => {
    const { target, desired } = situation;
    const wanted = {
      pool: pool.name,
      path,
      version,
      controlPlane: target.binary,
      stage: desired.cluster.stage,
    };
    const { kubeletMayTrail: mayTrail } = desired;
    const skew = {
      subject: `pool "${pool.name}"`,
      path,
      kubelet: version,
      oldest: target.served,
      newest: target.binary,
      mayTrail,
    };
    return checkPoolVersion(wanted) ?? checkOlder(skew) ?? [];
  }),
});

/** The step to `final` is its own `up`: a new generation in the same one would close the way back before anybody looked. */
export const finalComesAlone: Rule = situation => {
  const { live, target, desired } = situation;
  if (live?.state.stage !== "emulated" || desired.cluster.stage !== "final") return {};
  if (compareMinor(target.binary, live.binary) !== 0) return {};
  const early = readPools(situation).filter(
    ({ pool, version }) => compareMinor(version, live.served) > 0 && isNew(situation, pool),
  );
  return { blockers: early.map(pool => greenBeforeFinal(pool, live)) };
};

const isNew = ({ desired, observed }: Situation, { name }: DesiredPool): boolean =>
  observed.ledger.pools[name]?.active !== desired.generations[name];

const greenBeforeFinal = ({ pool, version, path }: ReadPool, live: LiveControlPlane): Problem => ({
  code: "Pool.GreenBeforeFinal",
  path,
  message: `pool "${pool.name}" asks for ${formatVersion(version)} in the \`up\` that makes the control plane final; final is its own \`up\``,
  fix: `keep pools.${pool.name}.version: "${minorText(live.served)}" for this \`up\`; raise it in the next`,
});

/** A held pool stays exactly as it is: whatever would change its generation is refused. */
export const heldPoolsStay: Rule = ({ desired, observed }) => ({
  blockers: desired.pools
    .filter(({ hold }) => hold)
    .flatMap(({ name }) => {
      const active = observed.ledger.pools[name]?.active;
      const wanted = desired.generations[name];
      if (active === undefined || active === wanted) return [];
      return [
        {
          code: "Pool.HeldWouldMove",
          path: `pools.${name}.hold`,
          message: `pool "${name}" is held on ${active}, but its settings now make ${wanted ?? "nothing"}`,
          fix: "put its version, machine, image, zones, labels, taints and respin back, or set hold: false",
        } as const,
      ];
    }),
});

/** A pool leaves config only after it was emptied on purpose. */
export const poolsLeaveOnPurpose: Rule = ({ desired, observed, nodes }) => {
  const configured = new Set(desired.pools.map(({ name }) => name));
  const present = new Set([
    ...Object.keys(observed.ledger.pools),
    ...nodes.flatMap(({ pool }) => pool ?? []),
  ]);
  const gone = [...present].filter(name => !configured.has(name)).sort();
  return {
    blockers: gone
      .filter(name => !isRemoved(observed.ledger.pools[name]))
      .map(name => vanished(name, desired.pools)),
  };
};

const isRemoved = (record: Situation["observed"]["ledger"]["pools"][string] | undefined): boolean =>
  record?.removing === true && record.completed === record.epoch;

const vanished = (name: string, pools: readonly DesiredPool[]): Problem => {
  const members = pools.filter(({ block }) => block === name).map(member => member.name);
  return {
    code: "Pool.Vanished",
    path: `pools.${name}`,
    message: `pool "${name}" is in the cluster but not in config${members.length === 0 ? "" : `, whose block of that name now makes ${members.join(", ")}`}; a pool is given up by emptying it first`,
    fix: members.length === 0 ? backWithRemove(name, pools) : besideIt(name),
  };
};

/** A zone that was taken out of a block comes back as a block of its own: the name says which pool is meant. */
const backWithRemove = (name: string, pools: readonly DesiredPool[]): string => {
  const block = pools.flatMap(pool => pool.block ?? []).find(one => name.startsWith(`${one}-`));
  const how =
    block === undefined
      ? `put pools.${name} back with remove: true`
      : `write pools.${name} as a block of its own with the settings of pools.${block}, zones: [${name.slice(block.length + 1)}] and remove: true`;
  return `${how}, run \`pulumi up\`, then remove its entry`;
};

/** One block can't be the old pool and the new ones at once. */
const besideIt = (name: string): string =>
  `take perZone out of pools.${name}, write a block of another name with perZone: true and run \`pulumi up\`; then set pools.${name}.remove: true and run it again`;

/** What is being left must be there, and be what its name says. */
export const retiringIsThere: Rule = ({ desired, observed, nodes }) => {
  const present = new Set(nodes.flatMap(({ generation }) => generation ?? []));
  for (const { active } of Object.values(observed.ledger.pools)) present.add(active);
  return {
    blockers: desired.pools.flatMap(pool =>
      pool.retiring.flatMap(({ generation, spec }, index) => {
        const path = `pools.${pool.name}.retiring.${index}`;
        const made = nameOf(desired.cluster.name, pool.name, spec);
        if (made !== generation) return [mismatch(path, generation, made)];
        return present.has(generation) ? [] : [notInCluster(path, generation)];
      }),
    ),
  };
};

const nameOf = (cluster: string, name: string, spec: DesiredPool["retiring"][number]["spec"]): string =>
  parseKubeVersion(spec.version).ok
    ? generationId(cluster, { ...spec, name })
    : `no generation (version "${spec.version}")`;

const mismatch = (path: string, generation: string, made: string): Problem => ({
  code: "Retiring.HashMismatch",
  path: `${path}.spec`,
  message: `these settings make ${made}, the entry is called ${generation}; a retiring generation is frozen`,
  fix: "restore the settings as `changeover retire` wrote them",
});

const notInCluster = (path: string, generation: string): Problem => ({
  code: "Retiring.NotInCluster",
  path: `${path}.generation`,
  message: `${generation} has no node in the cluster; a generation that is being left is never created`,
  fix: "remove the entry",
});
