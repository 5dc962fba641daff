/**
 * The public surface: `new UpgradableCluster(parseStack(config).value)` in your own program, or `openStack()` for a
 * program that is nothing but its stack config. `DrainRole` gives the rights that `changeover drain` needs.
 *
 * @packageDocumentation
 */
export { parseStack, type StackSpec } from "../core/config";
export type { Platform, PlatformPlace } from "./cluster/platformPlace";
export { UpgradableCluster, type UpgradableClusterOptions } from "./cluster/upgradableCluster";
export { DrainRole, type DrainRoleArgs, type DrainSubject } from "./drain/drainRole";
export { openStack, type StackOptions, type StackOutputs } from "./program";
