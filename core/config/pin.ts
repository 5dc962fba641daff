import type { Problem } from "../problem";
import { accept, refuse, type Result } from "../result";
import { applyEdits } from "./applyEdits";
import type { Edit } from "./edit";
import { parseStack, type ParseFacts, type StackSpec } from "./stack";

type Raw = Readonly<Record<string, unknown>>;

/** A pool whose image is to be looked up. */
export interface PinWish {
  readonly pool: string;
  /** As config writes it: "1.36" or "1.36.4". */
  readonly version: string;
  readonly machine: string;
  /** What stands before "/" in its image; absent = the cloud's general one. */
  readonly family?: string;
  /** What config says now. */
  readonly image?: string;
}

const asRaw = (value: unknown): Raw => (typeof value === "object" && value !== null ? (value as Raw) : {});

/** Images that pass as such for any version: what is looked up must not keep the rest of config from being read. */
const STAND_IN: Readonly<Record<string, (minor: string) => string>> = {
  eks: minor => `${minor}.0-20000101`,
  gke: minor => `${minor}.0-gke.0`,
};

const PATCHED = /^\d+\.\d+\.\d+$/;

const standInFor = (cloud: string, version: unknown): string => {
  const text = typeof version === "string" ? version : "";
  const image = STAND_IN[cloud]?.(text.split(".").slice(0, 2).join(".")) ?? "";
  return PATCHED.test(text) ? image.replace(/^\d+\.\d+\.\d+/, text) : image;
};

const withStandIns = (raw: Raw): Raw => {
  const cluster = asRaw(raw["cluster"]);
  const cloud = typeof cluster["cloud"] === "string" ? cluster["cloud"] : "";
  const edits: readonly Edit[] = Object.entries(asRaw(raw["pools"])).map(([pool, entry]) => ({
    path: ["pools", pool, "image"],
    value: standInFor(cloud, asRaw(entry)["version"] ?? cluster["version"]),
    why: "",
  }));
  return applyEdits(raw, edits);
};

const notPinned = (cloud: string): Problem => ({
  code: "Pin.NoImages",
  path: "cluster.cloud",
  message: `found "${cloud}"; exact images are looked up on eks and gke`,
  fix: "write the image by hand where the cloud has one",
});

const noPool = (spec: StackSpec, pool: string): Problem => ({
  code: "Pin.NoPool",
  path: `pools.${pool}`,
  message: `found "${pool}"; pools are ${spec.pools.map(({ name }) => name).join(", ")}`,
  fix: "name one of these",
});

const held = (pool: string): Problem => ({
  code: "Pin.Held",
  path: `pools.${pool}.hold`,
  message: "found hold: true; another image would be another generation, and a held pool keeps its own",
  fix: "remove hold first, or leave this pool out",
});

/** What the pools' images are looked up by. Everything of config but the images must be right. */
export const planPins = (
  raw: Raw,
  names: readonly string[],
  facts: ParseFacts = {},
): Result<{ readonly spec: StackSpec; readonly wishes: readonly PinWish[] }> => {
  const cloud = asRaw(raw["cluster"])["cloud"];
  if (typeof cloud === "string" && STAND_IN[cloud] === undefined) return refuse([notPinned(cloud)]);
  const parsed = parseStack(withStandIns(raw), facts);
  if (!parsed.ok) return parsed;
  const { pools } = parsed.value;
  const problems = names.flatMap(name => {
    const pool = pools.find(one => one.name === name);
    if (pool === undefined) return [noPool(parsed.value, name)];
    return pool.hold ? [held(name)] : [];
  });
  if (problems.length > 0) return refuse(problems);
  const wanted = pools.filter(({ name, hold }) => (names.length === 0 ? !hold : names.includes(name)));
  return accept({
    spec: parsed.value,
    wishes: wanted.map(({ name, version, machine = "" }) => ({
      ...{ pool: name, version, machine },
      ...written(asRaw(asRaw(raw["pools"])[name])["image"]),
    })),
  });
};

const written = (image: unknown): Pick<PinWish, "image" | "family"> => {
  if (typeof image !== "string") return {};
  const family = image.includes("/") ? image.split("/")[0] : undefined;
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
