import { ProblemError } from "../../core/problem";

interface ModuleMissing extends Error {
  readonly code: "MODULE_NOT_FOUND";
}

const isMissing = (error: unknown): error is ModuleMissing =>
  error instanceof Error && (error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND";

/** Loads a cloud's adapter. Its SDK is an optional peer, so a missing one is the user's to install, not a bug of ours. */
export const loadCloud = <T>(cloud: string, load: () => T): T => {
  try {
    return load();
  } catch (error) {
    const name = isMissing(error) ? /'((?:@[^'/]+\/)?[^'./][^'/]*)/.exec(error.message)?.[1] : undefined;
    if (name === undefined) throw error;
    throw new ProblemError(`cloud "${cloud}" can't be loaded`, [
      {
        code: "Cloud.SdkMissing",
        path: "cluster.cloud",
        message: `the package ${name} is not installed; only stacks on "${cloud}" need it`,
        fix: `npm install ${name}, in the version that changeover's package.json names under peerDependencies`,
      },
    ]);
  }
};
