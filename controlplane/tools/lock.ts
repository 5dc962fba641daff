import { z } from "zod";
import lockJson from "./versions.json";

/**
 * The lock file, parsed once. Kubernetes publishes its servers for Linux only and kwok publishes no checksum file, so
 * a platform without a release entry is built from Go modules, and kwok's checksum is the digest that GitHub itself
 * records for the uploaded file.
 */
const checksumSource = z.strictObject({ kind: z.enum(["list", "githubDigest"]), url: z.url() });

const release = z.strictObject({
  platforms: z.array(z.string()).nonempty(),
  format: z.enum(["plain", "tar.gz", "zip"]),
  url: z.url(),
  /** Folder of the programs inside the archive. */
  root: z.string().optional(),
  /** Files that the archive holds beside the programs and that belong to the tool. */
  extras: z.array(z.string()).optional(),
  checksum: checksumSource,
  /** Pinned checksums by `os/arch/file name`; they win over the published ones. */
  sha256: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)).optional(),
});

const program = z.strictObject({
  package: z.string(),
  /** What `go build` calls it, where that is not the program's name. */
  builtAs: z.string().optional(),
  /** Arguments that make it say its version. */
  proof: z.array(z.string()),
});

const build = z.strictObject({
  goAtLeast: z.string().regex(/^\d+\.\d+$/),
  tags: z.array(z.string()).optional(),
  stamps: z.record(z.string(), z.string()),
  /** Go packages in the whole build (linux/amd64), for progress. */
  packages: z.number().int().positive(),
  /** Wall time from an empty build cache on two cores. */
  typicalSeconds: z.number().positive(),
});

const tool = z.strictObject({
  version: z.string().regex(/^\d+\.\d+\.\d+$/),
  programs: z.record(z.string(), program),
  releases: z.array(release),
  build,
  /** Not one of those that every lab needs. */
  onDemand: z.boolean().optional(),
});

export const TOOL_IDS = [
  "kubernetes-1.35",
  "kubernetes-1.36",
  "etcd-3.6",
  "kwok-0.8",
  "pulumi-3.259",
  "helm-3.20",
] as const;
export type ToolId = (typeof TOOL_IDS)[number];

const lock = z.strictObject({ note: z.string(), tools: z.record(z.enum(TOOL_IDS), tool) });

export type ToolLock = z.infer<typeof tool> & { readonly id: ToolId };
export type ReleaseLock = z.infer<typeof release>;

export const parseLock = (raw: unknown): Readonly<Record<ToolId, ToolLock>> => {
  const { tools } = lock.parse(raw);
  const entries = TOOL_IDS.map(id => [id, { id, ...tools[id] }]);
  return Object.fromEntries(entries) as Record<ToolId, ToolLock>;
};

const LOCK = parseLock(lockJson);

export const toolLock = (id: ToolId): ToolLock => LOCK[id];

/** What people read: `kubernetes 1.36.4`. */
export const toolLabel = (entry: ToolLock): string => `${entry.id.replace(/-[^-]*$/, "")} ${entry.version}`;
