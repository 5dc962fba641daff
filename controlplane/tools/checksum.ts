import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { z } from "zod";

const HEX = /^[0-9a-f]{64}$/i;

/**
 * Finds a file's SHA-256 in a published list: lines of `<hex>  <name>` (a `*` or `./` before the name is allowed),
 * or a file that holds nothing but one checksum.
 */
export const parseChecksumList = (text: string, fileName: string): string | undefined => {
  const rows = text.split("\n").map(line => line.trim().split(/\s+/));
  const named = rows.find(([, name]) => name?.replace(/^(\*|\.\/)+/, "") === fileName);
  const alone = rows.filter(row => row[0] !== "").length === 1 && rows[0]?.length === 1 ? rows[0] : undefined;
  const hex = (named ?? alone)?.[0];
  return hex !== undefined && HEX.test(hex) ? hex.toLowerCase() : undefined;
};

const githubRelease = z.object({
  assets: z.array(z.object({ name: z.string(), digest: z.string().nullish() })),
});

/** GitHub records `sha256:<hex>` for each file uploaded to a release. */
export const parseGithubDigest = (text: string, fileName: string): string | undefined => {
  const parsed = githubRelease.safeParse(jsonOrUndefined(text));
  const digest = parsed.data?.assets.find(asset => asset.name === fileName)?.digest;
  const hex = digest?.replace(/^sha256:/, "");
  return hex !== undefined && HEX.test(hex) ? hex.toLowerCase() : undefined;
};

const jsonOrUndefined = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

export const hashFile = async (path: string): Promise<string> => {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
};
