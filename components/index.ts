/**
 * The public surface: `new UpgradableCluster(parseStack(config).value)` in your own program, or `openStack()` for a
 * program that is nothing but its stack config. `DrainRole` gives the rights that `changeover drain` needs;
 * `ClusterHandover` moves traffic from one cluster to another.
 *
 * @packageDocumentation
 */
export { type HandoverSpec, parseHandover, parseStack, type StackSpec } from "../core/config";
export type { Platform, PlatformPlace } from "./cluster/platformPlace";
export { UpgradableCluster, type UpgradableClusterOptions } from "./cluster/upgradableCluster";
export { DrainRole, type DrainRoleArgs, type DrainSubject } from "./drain/drainRole";
export {
  ClusterHandover,
  type ClusterHandoverArgs,
  type RouteOptions,
  type Weights,
} from "./handover/clusterHandover";
export { openStack, type StackOptions, type StackOutputs } from "./program";
