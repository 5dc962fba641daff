import { runChild } from "./child";
import { errorCode } from "./problems";

/** `go1.26.8`, `go1.27rc1` against `1.26`. What can't be read is not enough. */
export const isGoAtLeast = (found: string, needed: string): boolean => {
  const match = /^go(\d+)\.(\d+)/.exec(found.trim());
  const [needMajor, needMinor] = needed.split(".").map(Number);
  if (match === null || needMajor === undefined || needMinor === undefined) return false;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  return major > needMajor || (major === needMajor && minor >= needMinor);
};

/**
 * The environment of `go build`: the user's own proxy, caches and certificates stay; what would change the result
 * (flags, workspaces, cross compiling, another toolchain) does not. An empty GOFLAGS would let `go env -w` speak again.
 */
export const buildEnvironment = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv => {
  const dropped = new Set([
    "GOOS",
    "GOARCH",
    "GOEXPERIMENT",
    "GOAMD64",
    "GOARM64",
    "GODEBUG",
    "GOTOOLDIR",
    "GOROOT",
  ]);
  const kept = Object.entries(env).filter(([name]) => !dropped.has(name));
  return {
    ...Object.fromEntries(kept),
    GOFLAGS: "-buildvcs=false",
    GO111MODULE: "on",
    GOWORK: "off",
    GOTOOLCHAIN: "local",
    CGO_ENABLED: "0",
  };
};

/** Undefined when Go can be used; else why not, in words. */
export const checkGo = async (needed: string, signal: AbortSignal): Promise<string | undefined> => {
  try {
    const env = buildEnvironment(process.env);
    const end = await runChild({
      command: "go",
      args: ["env", "GOVERSION"],
      env,
      signal,
      deadlineMs: 30_000,
    });
    const found = end.lastLines.at(-1) ?? "";
    if (end.code !== 0) return `"go env GOVERSION" failed: ${found}`;
    return isGoAtLeast(found, needed) ? undefined : `Go is too old: found ${found}, needs ${needed} or newer`;
  } catch (error) {
    if (errorCode(error) === "ENOENT") return "there is no Go on PATH";
    throw error;
  }
};
