/** The demo's config is this repository's own, under another cluster name: the file that is shown is the file that counts. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { DEMO_CLUSTER } from "./demoHome";

export const STACK_FILE = "Pulumi.local.yaml";

export type Config = Readonly<Record<string, unknown>>;
const CLUSTER = "changeover:cluster";

export const readStackText = (program: string, file: string): string =>
  readFileSync(join(program, file), "utf8");

export const demoConfig = (stackText: string, version: string): Config => {
  const { config } = parse(stackText) as { config: Config };
  return { ...config, [CLUSTER]: { ...(config[CLUSTER] as Config), name: DEMO_CLUSTER, version } };
};

/** The one line that an upgrade changes, as a diff. */
export const describeEdit = (stackText: string, from: string, to: string): readonly string[] => {
  const line = stackText.split("\n").find(one => /^\s+version: /.test(one)) ?? `    version: "${from}"`;
  const withVersion = (version: string): string => line.replace(/version: .*/, `version: "${version}"`);
  return [STACK_FILE, `- ${withVersion(from)}`, `+ ${withVersion(to)}`];
};
