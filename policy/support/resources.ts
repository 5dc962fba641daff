/** Type tokens the rules look at. A gate's is made of the SDK's prefix for dynamic resources, our module and its name. */
const gate = <N extends string>(name: N) => `pulumi-nodejs:dynamic/changeover:${name}` as const;

export const TYPES = {
  upgradeGate: gate("UpgradeGate"),
  versionRecord: gate("VersionRecord"),
  interlock: gate("Interlock"),
  migration: gate("Migration"),
  generation: "changeover:index:Generation",
} as const;
