import {
  type ResourceValidationArgs,
  type ResourceValidationPolicy,
  unknownCheckingProxy,
} from "@pulumi/policy";

export interface Analysis {
  readonly violations: readonly string[];
  /** Why the rule had nothing to say, when it had not. */
  readonly notApplicable?: string;
}

/** As the engine stands for a value that it does not know yet. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The SDK exports the proxy for tests like these, but leaves its type out. */
const behindProxy = unknownCheckingProxy as (props: object) => unknown;

class NotApplicable extends Error {}

/** One rule on one resource, as the policy server calls it: props behind the proxy that refuses unknown values. */
export const analyze = (
  rule: ResourceValidationPolicy,
  resource: { readonly type: string; readonly props: object; readonly config?: object },
): Analysis => {
  const violations: string[] = [];
  const args = {
    type: resource.type,
    name: "subject",
    urn: `urn:pulumi:dev::changeover::${resource.type}::subject`,
    props: behindProxy(resource.props),
    getConfig: () => resource.config ?? {},
    notApplicable: (reason?: string): never => {
      throw new NotApplicable(reason);
    },
  } as unknown as ResourceValidationArgs;
  const { validateResource } = rule;
  if (typeof validateResource !== "function") throw new Error(`${rule.name} has no single validation`);
  try {
    void validateResource(args, message => violations.push(message));
    return { violations };
  } catch (error) {
    if (error instanceof NotApplicable) return { violations, notApplicable: error.message };
    throw error;
  }
};

const gate = (name: string): string => `pulumi-nodejs:dynamic/changeover:${name}`;

/** A VersionRecord as its check() leaves it; the defaults comply with every rule. */
export const versionRecord = (over: object = {}) => ({
  type: gate("VersionRecord"),
  props: {
    gate: "VersionRecord",
    connection: { cloud: "lab", name: "local" },
    cluster: "local",
    version: "1.36",
    stage: "final",
    fromVersion: "1.35",
    fromStage: "final",
    pools: [{ name: "workers", version: "1.36" }],
    ...over,
  },
});

export const upgradeGate = (cluster: object, pools: readonly object[]) => ({
  type: gate("UpgradeGate"),
  props: { gate: "UpgradeGate", connection: { cloud: "lab", name: "local" }, desired: { cluster, pools } },
});

export const migration = (drain: object) => ({
  type: gate("Migration"),
  props: { gate: "Migration", pool: "workers", epoch: UNKNOWN, drain },
});

export const interlock = (timeoutSeconds: unknown) => ({
  type: gate("Interlock"),
  props: { gate: "Interlock", pool: "workers", timeoutSeconds },
});

export const GENERATION = "changeover:index:Generation";

/** Something that is none of ours. */
export const STRANGER = { type: "aws:s3/bucket:Bucket", props: { bucket: UNKNOWN } };
