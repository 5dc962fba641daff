/*
 * Machines that a cloud could not make. Its provider ends the run before any gate can speak, and may keep the reason to
 * itself (hashicorp/google: "was created in the error state"), so the next look at the cloud says it.
 */

/** One generation whose machines are not what was asked for. */
export interface Unmade {
  readonly pool: string;
  readonly generation: string;
  /** The cloud's own words: its status, its code and its message. */
  readonly said: string;
}

type Advice = readonly [pattern: RegExp, text: (found: RegExpExecArray) => string];

const named = (quota = "", rest = ""): string => `raise the quota ${quota}${rest}`;

/** In the clouds' own codes; what is named first decides. */
const ADVICE: readonly Advice[] = [
  [/Quota '([^']+)' exceeded/, ([, quota]) => named(quota)],
  [/resource "([^"]+)": request requires/, ([, quota]) => named(quota)],
  [/family (\S+?Family)\b/i, ([, quota]) => named(quota, " of the region")],
  [/VcpuLimitExceeded/, () => "raise EC2's quota of vCPUs for this class of machines"],
  [/MaxSpotInstanceCountExceeded/, () => "raise EC2's quota of spot machines"],
  [/quota/i, () => "raise the quota that is named"],
  [
    /FreeAddresses|IP_SPACE_EXHAUSTED|SubnetIsFull/i,
    () => "free addresses of the subnet, or take a larger one",
  ],
  [
    /Capacity|STOCKOUT|POOL_EXHAUSTED|Allocation\w*Failed|AllocationRequest|SkuNotAvailable|enough resources/,
    () => "take another machine type or other zones",
  ],
];

/** What to do about the cause, as far as the cloud's words tell it. */
export const adviceFor = (said: string): string => {
  for (const [pattern, text] of ADVICE) {
    const found = pattern.exec(said);
    if (found !== null) return text(found);
  }
  return "put right what it names";
};

/** The way on with a generation that the cloud can't finish: it goes, and another comes or the same again. */
export const makeAnew = ({ pool, generation, said }: Unmade): string =>
  `${adviceFor(said)}. A changed setting of pools.${pool} makes another generation, and this one goes; for the same again set pools.${pool} back to what it was, run \`pulumi up\` (that removes only ${generation}), then forward`;

/** The way on with a generation that is wanted again while the cloud is still deleting it. */
export const waitUntilGone = (generation: string): string =>
  `wait until ${generation} is gone, then run \`pulumi up\`; nothing can be made under a name that is still there`;
