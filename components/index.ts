/**
 * The public surface: `new UpgradableCluster(parseStack(config).value)` in your own program, or `openStack()` for a
 * program that is nothing but its stack config.
 *
 * @packageDocumentation
 */
export { parseStack, type StackSpec } from "../core/config";
export { UpgradableCluster } from "./cluster/upgradableCluster";
export { openStack, type StackOutputs } from "./program";
