import { parseGenerationId } from "../identity/names";
import type { Problem } from "../problem";
import type { ClusterSpec } from "./cluster";
import { isName, NAME_LENGTH, nameRule } from "./labelText";
import type { PoolEntry } from "./pools";

/** One pool of those that a block of config stands for. */
export interface Member {
  readonly name: string;
  readonly entry: Omit<PoolEntry, "perZone">;
  /** The block, where it stands for one pool a zone. */
  readonly block?: string;
}

/** The pools of a block: itself, or one for each of its zones, which is then a pool as if it were written by hand. */
export const membersOf = (name: string, { perZone, ...entry }: PoolEntry): readonly Member[] =>
  perZone
    ? [...new Set(entry.zones)].sort().map(zone => memberIn(name, zone, entry))
    : [{ name, entry: { ...entry } }];

const memberIn = (block: string, zone: string, entry: Member["entry"]): Member => {
  const name = `${block}-${zone}`;
  const retiring = entry.retiring.filter(({ generation }) => parseGenerationId(generation)?.pool === name);
  return { name, block, entry: { ...entry, zones: [zone], retiring } };
};

interface Written {
  readonly name: string;
  readonly entry: PoolEntry;
  /** Absent where its own block could not be read. */
  readonly cluster?: ClusterSpec | undefined;
}

/** Rules of `perZone` itself; none where a block doesn't say it. */
export const checkPerZone = (block: Written): readonly Problem[] =>
  block.entry.perZone ? [...needsZones(block), ...notWith(block), ...checkNames(block)] : [];

/** kubeadm takes neither word, and says so itself. */
const needsZones = ({ name, entry: { zones }, cluster }: Written): readonly Problem[] =>
  zones.length > 0 || cluster?.cloud === "kubeadm"
    ? []
    : [
        {
          code: "Config.Missing",
          path: `pools.${name}.zones`,
          message: "missing; perZone makes one pool for each zone that is listed here",
          fix: "list the zones, such as [a, b, c], or remove perZone",
        },
      ];

const KARPENTER_URL = "https://karpenter.sh/docs/concepts/scheduling/#persistent-volume-topology";

const notWith = ({ name, entry: { karpenter, adopt } }: Written): readonly Problem[] => {
  const path = `pools.${name}.perZone`;
  const ofKarpenter: Problem = {
    code: "PerZone.Karpenter",
    path,
    message: "found with karpenter, which chooses a zone for each pod and follows the zone of its volumes",
    fix: "remove perZone: one NodePool over all zones does what it is for",
    source: KARPENTER_URL,
  };
  const ofAdopted: Problem = {
    code: "PerZone.Adopt",
    path,
    message: "found with adopt; what is adopted is one pool that exists, not one for each zone",
    fix: `write a block for each zone, such as pools.${name}-a with zones: [a], and adopt in each: a generation made later is the same as of one block with perZone`,
  };
  return [...(karpenter === undefined ? [] : [ofKarpenter]), ...(adopt === undefined ? [] : [ofAdopted])];
};

/** A block that is misnamed itself is one problem, told elsewhere. */
const checkNames = ({ name: block, entry }: Written): readonly Problem[] =>
  !isName(block, NAME_LENGTH)
    ? []
    : membersOf(block, entry)
        .filter(({ name }) => !isName(name, NAME_LENGTH))
        .map(({ name, entry: { zones } }) => ({
          code: "PerZone.Name",
          path: `pools.${block}.zones`,
          message: `zone "${zones.join()}" makes the pool "${name}" of ${name.length} letters; ${nameRule(NAME_LENGTH)}`,
          fix: "rename the block, or call the zone otherwise: on gke by its last letter, on eks by another key of cluster.eks.subnets",
        }));

/** Two blocks may not stand for one pool. */
export const checkApart = (members: readonly Member[]): readonly Problem[] =>
  members.flatMap(({ name, block }, index) => {
    const others = members.filter((other, at) => other.name === name && at !== index);
    const isLast = !members.slice(index + 1).some(other => other.name === name && other.block !== undefined);
    if (block === undefined || others.length === 0 || !isLast) return [];
    return [
      {
        code: "PerZone.NameTaken",
        path: `pools.${block}`,
        message: `its zones make the pool "${name}", which ${others.map(other => `pools.${other.block ?? other.name}`).join(", ")} makes, too`,
        fix: "rename one of the blocks, or take the zone out of one",
      } as const,
    ];
  });
