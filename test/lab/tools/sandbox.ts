import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { startReleaseServer, type ReleaseServer } from "./releaseServer";

/** An empty cache, a fake release server and, if wanted, a fake Go; everything is gone after `close`. */
export interface Sandbox {
  readonly root: string;
  readonly cache: string;
  readonly server: ReleaseServer;
  readonly lines: string[];
  /** Puts a `go` on PATH that runs this shell text for `go build`; `$OUT` is the folder after `-o`. */
  withGo(build: string, version?: string): Promise<void>;
  /** Every file below the cache, without the folders. */
  cached(): Promise<readonly string[]>;
  read(name: string): Promise<string>;
  close(): Promise<void>;
}

const NAMES = ["CHANGEOVER_CACHE", "CHANGEOVER_RELEASE_MIRROR", "PATH"] as const;

const goScript = (build: string, version: string): string => `#!/bin/sh
if [ "$1" = env ]; then echo ${version}; exit 0; fi
while [ $# -gt 0 ]; do if [ "$1" = -o ]; then OUT=$2; fi; shift; done
${build}
`;

/** As a machine without Go: the folders of the shell's own tools and nothing else. */
const PLAIN_PATH = ["/usr/bin", "/bin"].filter(folder => !existsSync(join(folder, "go")));

export const openSandbox = async (): Promise<Sandbox> => {
  const root = await mkdtemp(join(tmpdir(), "changeover-tools-"));
  const server = await startReleaseServer();
  const cache = join(root, "cache");
  const before = NAMES.map(name => [name, process.env[name]] as const);
  process.env["CHANGEOVER_CACHE"] = cache;
  process.env["CHANGEOVER_RELEASE_MIRROR"] = server.url;
  process.env["PATH"] = PLAIN_PATH.join(delimiter);
  return {
    root,
    cache,
    server,
    lines: [],
    withGo: async (build, version = "go1.26.8") => {
      const bin = join(root, "go");
      await mkdir(bin, { recursive: true });
      await writeFile(join(bin, "go"), goScript(build, version));
      await chmod(join(bin, "go"), 0o755);
      process.env["PATH"] = [bin, ...PLAIN_PATH].join(delimiter);
    },
    cached: async () => {
      if (!existsSync(cache)) return [];
      const entries = await readdir(cache, { recursive: true, withFileTypes: true });
      return entries.filter(entry => entry.isFile()).map(entry => entry.name);
    },
    read: name => readFile(join(root, name), "utf8"),
    close: async () => {
      for (const [name, value] of before)
        if (value === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = value;
      await server.close();
      await rm(root, { recursive: true, force: true });
    },
  };
};
