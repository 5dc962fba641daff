import * as pulumi from "./sdk";
import { parseStack } from "../core/config";
import { describeProblems, type Problem } from "../core/problem";
import { knownMinors } from "../core/version/catalog";
import { CATALOG } from "../data";
import type { Platform } from "./cluster/platformPlace";
import { UpgradableCluster } from "./cluster/upgradableCluster";

const NAMESPACE = "changeover";

export interface StackOutputs {
  readonly cluster: string;
  /** Desired control-plane version as written. */
  readonly version: string;
  /** Pool name → id of the generation it runs on. */
  readonly generations: Readonly<Record<string, string>>;
}

export interface StackOptions {
  /** What of your own runs in the cluster and is upgraded in its place among the steps. */
  readonly platform?: Platform;
}

/**
 * Builds the cluster that the stack's config describes. Refuses, before any resource is registered, with every problem
 * of the config at once.
 */
export const openStack = (options: StackOptions = {}): StackOutputs => {
  const parsed = parseStack(rawConfig(), { knownMinors: knownMinors(CATALOG) });
  const problems = [...refusedEnvironment(), ...(parsed.ok ? [] : parsed.problems)];
  if (problems.length > 0 || !parsed.ok) {
    throw new pulumi.RunError(`the stack's config is refused:\n${describeProblems(problems)}`);
  }
  const cluster = openCluster(() => new UpgradableCluster(parsed.value, options));
  return { cluster: parsed.value.cluster.name, version: cluster.version, generations: cluster.generations };
};

/** Expected refusals reach the user as text, not as a stack trace. */
const openCluster = (open: () => UpgradableCluster): UpgradableCluster => {
  try {
    return open();
  } catch (error) {
    if (error instanceof Error && error.name === "ProblemError") throw new pulumi.RunError(error.message);
    throw error;
  }
};

/** Keys of our namespace, read as JSON where they are objects, whatever they are called: unknown ones are problems. */
const rawConfig = (): Record<string, unknown> => {
  const prefix = `${NAMESPACE}:`;
  const config = new pulumi.Config(NAMESPACE);
  const keys = Object.keys(pulumi.allConfig()).filter(key => key.startsWith(prefix));
  return Object.fromEntries(
    keys.map(key => key.slice(prefix.length)).map(key => [key, readValue(config.require(key))]),
  );
};

const readValue = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

/** With it the engine deletes blue although green failed (docs/adr/0003); the flag of the same name stays invisible. */
const refusedEnvironment = (): Problem[] => {
  const found = process.env["PULUMI_CONTINUE_ON_ERROR"];
  if (found === undefined || found === "" || found === "false") return [];
  return [
    {
      code: "Program.ContinueOnError",
      path: "environment.PULUMI_CONTINUE_ON_ERROR",
      message: `found "${found}"; an upgrade must stop at its first failed step`,
      fix: "unset PULUMI_CONTINUE_ON_ERROR",
    },
  ];
};
