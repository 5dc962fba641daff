import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** Plays one seed of the drain simulator: `tsx scripts/drainSeed.ts 1234 --chapter all --trace`. */
const main = async (): Promise<void> => {
  // Tests may not be imported by anyone: a path, not an import.
  const file = join(__dirname, "..", "test", "support", "drainSimulator", "replay.ts");
  const { replaySeed } = (await import(pathToFileURL(file).href)) as {
    readonly replaySeed: (args: readonly string[]) => number;
  };
  process.exitCode = replaySeed(process.argv.slice(2));
};

void main();
