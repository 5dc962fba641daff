import type { Problem } from "../problem";
import { parseEksImage } from "./eksImage";
import { type KarpenterSpec, secondsOf } from "./karpenter";
import { karpenterFamilies } from "./karpenterImage";
import type { PoolEntry } from "./pools";

const NODEPOOLS_URL = "https://karpenter.sh/docs/concepts/nodepools/";
const DISRUPTION_URL = "https://karpenter.sh/docs/concepts/disruption/";

interface Asked {
  readonly name: string;
  readonly entry: PoolEntry;
}

type Check = (pool: Asked & { readonly karpenter: KarpenterSpec }) => readonly Problem[];

/** One exact AMI, by its name: an alias, also one with a date, follows the minor of the control plane. */
const imageIsKnown: Check = ({ name, entry }) => {
  const family = entry.image === undefined ? undefined : parseEksImage(entry.image).family;
  if (family === undefined || karpenterFamilies.includes(family)) return [];
  return [
    {
      code: "Karpenter.ImageFamily",
      path: `pools.${name}.image`,
      message: `found the AMI type "${family}"; the names of its images are not known here, so none can be pinned`,
      fix: `take one of ${karpenterFamilies.join(", ")}, or leave the pool to a managed node group`,
      source: "https://karpenter.sh/docs/concepts/nodeclasses/#specamiselectorterms",
    },
  ];
};

const noTemplate: Check = ({ name, entry: { launchTemplate } }) =>
  launchTemplate === undefined
    ? []
    : [
        {
          code: "Karpenter.LaunchTemplate",
          path: `pools.${name}.launchTemplate`,
          message: `found "${launchTemplate}"; Karpenter makes machines without launch templates of others`,
          fix: "remove it, or leave the pool to a managed node group",
          source: "https://karpenter.sh/docs/concepts/nodeclasses/",
        },
      ];

const noWaves: Check = ({ name, entry }) =>
  entry.strategy.poolSurge === 100
    ? []
    : [
        {
          code: "Karpenter.Waves",
          path: `pools.${name}.strategy.poolSurge`,
          message: `found ${entry.strategy.poolSurge}%; a pool of Karpenter moves at once, waves of it are not built`,
          fix: 'set poolSurge: "100%"',
        },
      ];

const noAdoption: Check = ({ name, entry: { adopt } }) =>
  adopt === undefined
    ? []
    : [
        {
          code: "Karpenter.Adopt",
          path: `pools.${name}.adopt`,
          message: "found; a NodePool that somebody else made is not taken over",
          fix: `remove pools.${name}.adopt: the pool gets a NodePool of its own, and workloads move to it once their selectors fit`,
          source: NODEPOOLS_URL,
        },
      ];

/** Drained nodes are given back by us; nothing may end one in the middle of that because of its age. */
const livesLongEnough: Check = ({ name, entry, karpenter }) => {
  const seconds = secondsOf(karpenter.expireAfter);
  if (seconds > entry.drain.timeoutSeconds) return [];
  return [
    {
      code: "Karpenter.ExpiresInDrain",
      path: `pools.${name}.karpenter.expireAfter`,
      message: `found ${karpenter.expireAfter}, and a migration of the pool may take ${String(entry.drain.timeoutSeconds)} s; expiry is forceful and asks no budget`,
      fix: "raise expireAfter, or write Never",
      source: `${DISRUPTION_URL}#expiration`,
    },
  ];
};

const CHECKS: readonly Check[] = [imageIsKnown, noTemplate, noWaves, noAdoption, livesLongEnough];

/** What a NodePool and its EC2NodeClass can't hold, all at once. */
export const checkKarpenterPool = (pool: Asked): readonly Problem[] => {
  const { karpenter } = pool.entry;
  return karpenter === undefined ? [] : CHECKS.flatMap(check => check({ ...pool, karpenter }));
};
