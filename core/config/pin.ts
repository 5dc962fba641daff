import type { Problem } from "../problem";
import { accept, refuse, type Result } from "../result";
import { ownAddOns } from "./addOns";
import { flavourOf } from "./aksChecks";
import { applyEdits } from "./applyEdits";
import type { Edit } from "./edit";
import { blockOf, type PoolSpec } from "./pools";
import { asRaw, type Raw } from "./raw";
import { parseStack, type ParseFacts, type StackSpec } from "./stack";

/** A pool whose image is to be looked up. */
export interface PinWish {
  /** Its block in config: of one that stands for a pool a zone, all have the image. */
  readonly pool: string;
  /** As config writes it: "1.36" or "1.36.4". */
  readonly version: string;
  readonly machine: string;
  /** What stands before "/" in its image, on AKS before its day; absent = the cloud's general one. */
  readonly family?: string;
  /** What config says now. */
  readonly image?: string;
}

/** An add-on of this stack whose version is to be looked up. */
export interface AddOnWish {
  readonly name: string;
  /** The control plane's. */
  readonly version: string;
  /** What config says now. */
  readonly found?: string;
}

/** Images that pass as such for any version: what is looked up must not keep the rest of config from being read. */
const STAND_IN: Readonly<Record<string, (minor: string) => string>> = {
  eks: minor => `${minor}.0-20000101`,
  gke: minor => `${minor}.0-gke.0`,
  aks: () => "AKSUbuntu-2204gen2containerd-200001.01.0",
};

const ADD_ON_STAND_IN = "v0.0.0";

const PATCHED = /^\d+\.\d+\.\d+$/;

const standInFor = (cloud: string, version: unknown): string => {
  const text = typeof version === "string" ? version : "";
  const image = STAND_IN[cloud]?.(text.split(".").slice(0, 2).join(".")) ?? "";
  return PATCHED.test(text) ? image.replace(/^\d+\.\d+\.\d+/, text) : image;
};

const withStandIns = (raw: Raw): Raw => {
  const cluster = asRaw(raw["cluster"]);
  const cloud = typeof cluster["cloud"] === "string" ? cluster["cloud"] : "";
  const images: readonly Edit[] = Object.entries(asRaw(raw["pools"])).map(([pool, entry]) => ({
    path: ["pools", pool, "image"],
    value: standInFor(cloud, asRaw(entry)["version"] ?? cluster["version"]),
    why: "",
  }));
  const addOns: readonly Edit[] = ownIn(raw).map(name => ({
    path: ["addOns", name, "version"],
    value: ADD_ON_STAND_IN,
    why: "",
  }));
  return applyEdits(raw, [...images, ...addOns]);
};

const ownIn = (raw: Raw): readonly string[] =>
  Object.entries(asRaw(raw["addOns"])).flatMap(([name, entry]) =>
    asRaw(entry)["owner"] === "program" ? [name] : [],
  );

const notPinned = (cloud: string): Problem => ({
  code: "Pin.NoImages",
  path: "cluster.cloud",
  message: `found "${cloud}"; exact images are looked up on eks, gke and aks`,
  fix: "write the image by hand where the cloud has one",
});

/** Each block once. */
const blocksOf = ({ pools }: StackSpec): readonly PoolSpec[] =>
  pools.filter((pool, index) => pools.findIndex(other => blockOf(other) === blockOf(pool)) === index);

const noPool = (spec: StackSpec, pool: string): Problem => ({
  code: "Pin.NoPool",
  path: `pools.${pool}`,
  message: `found "${pool}"; pools are ${blocksOf(spec).map(blockOf).join(", ")}`,
  fix: "name one of these",
});

const held = (pool: string): Problem => ({
  code: "Pin.Held",
  path: `pools.${pool}.hold`,
  message: "found hold: true; another image would be another generation, and a held pool keeps its own",
  fix: "remove hold first, or leave this pool out",
});

/** What images and add-on versions are looked up by. Everything else of config must be right. Pools named = only those. */
export const planPins = (raw: Raw, names: readonly string[], facts: ParseFacts = {}): Result<Pins> => {
  const cloud = asRaw(raw["cluster"])["cloud"];
  if (typeof cloud === "string" && STAND_IN[cloud] === undefined) return refuse([notPinned(cloud)]);
  const parsed = parseStack(withStandIns(raw), facts);
  if (!parsed.ok) return parsed;
  const pools = blocksOf(parsed.value);
  const problems = names.flatMap(name => {
    const pool = pools.find(one => blockOf(one) === name);
    if (pool === undefined) return [noPool(parsed.value, name)];
    return pool.hold ? [held(name)] : [];
  });
  if (problems.length > 0) return refuse(problems);
  const wanted = pools.filter(pool => (names.length === 0 ? !pool.hold : names.includes(blockOf(pool))));
  return accept({
    spec: parsed.value,
    addOns: names.length === 0 ? addOnWishes(raw, parsed.value) : [],
    wishes: wanted.map(pool => ({
      ...{ pool: blockOf(pool), version: pool.version, machine: pool.machine ?? "" },
      ...written(cloud, asRaw(asRaw(raw["pools"])[blockOf(pool)])["image"]),
    })),
  });
};

export interface Pins {
  readonly spec: StackSpec;
  readonly wishes: readonly PinWish[];
  readonly addOns: readonly AddOnWish[];
}

const addOnWishes = (raw: Raw, { cluster, addOns }: StackSpec): readonly AddOnWish[] =>
  ownAddOns(addOns).map(name => {
    const found = asRaw(asRaw(raw["addOns"])[name])["version"];
    return { name, version: cluster.version, ...(typeof found === "string" ? { found } : {}) };
  });

const familyOf = (cloud: unknown, image: string): string | undefined => {
  if (cloud === "aks") return flavourOf(image);
  return image.includes("/") ? image.split("/")[0] : undefined;
};

const written = (cloud: unknown, image: unknown): Pick<PinWish, "image" | "family"> => {
  if (typeof image !== "string") return {};
  const family = familyOf(cloud, image);
  return family === undefined || family === "" ? { image } : { image, family };
};

/** The edits that pin: none where config names the newest already. */
export const describePins = (wishes: readonly PinWish[], images: readonly string[]): readonly Edit[] =>
  wishes.flatMap(({ pool, image, version }, index) => {
    const newest = images[index];
    if (newest === undefined || newest === image) return [];
    return [
      {
        path: ["pools", pool, "image"],
        value: newest,
        why: `the newest for ${version}${image === undefined ? "" : `; it was ${image}`}`,
      },
    ];
  });

/** The same for add-ons: none where config names what the cloud has for the control plane. */
export const describeAddOnPins = (
  wishes: readonly AddOnWish[],
  versions: readonly string[],
): readonly Edit[] =>
  wishes.flatMap(({ name, found, version }, index) => {
    const chosen = versions[index];
    if (chosen === undefined || chosen === found) return [];
    const why = `the cloud's for ${version}${found === undefined ? "" : `; it was ${found}`}`;
    return [{ path: ["addOns", name, "version"], value: chosen, why }];
  });
