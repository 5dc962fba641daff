import type { AdoptionWish } from "../../../core/config/adoption";
import { asRaw, type Raw } from "../../../core/config/raw";

/** Node name → ssh address. */
export type Addresses = Readonly<Record<string, string>>;

/** Machines are a pool in whatever order they are named. */
const sorted = (name: string): string => name.split(",").sort().join(",");

/**
 * "workers=legacy-ng" calls the cloud's "legacy-ng" pool "workers"; a bare name keeps the cloud's. "workers=w1,w2" are
 * the nodes of a pool where no cloud knows of pools.
 */
export const readWish = (words: readonly string[]): AdoptionWish =>
  Object.fromEntries(
    words.map(word => {
      const [first = "", second] = word.split("=");
      return second === undefined ? [sorted(first), ""] : [sorted(second), first];
    }),
  );

const textsIn = (value: unknown): Addresses =>
  Object.fromEntries(
    Object.entries(asRaw(value)).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );

/** Where the file says that machines answer: those of the control plane, and of every pool. */
export const addressesIn = ({ cluster, pools }: Raw): Addresses =>
  Object.assign(
    {},
    textsIn(asRaw(asRaw(cluster)["kubeadm"])["controlPlanes"]),
    ...Object.values(asRaw(pools)).map(pool => textsIn(asRaw(pool)["hosts"])),
  ) as Addresses;
