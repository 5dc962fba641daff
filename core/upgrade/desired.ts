import { generationId } from "../identity/generation";
import type { DesiredCluster, DesiredPool } from "./cluster";

/** A parsed stack, as far as the rules need it, and what is true of its cloud. */
export interface DesiredSource {
  readonly cluster: DesiredCluster["cluster"];
  readonly pools: readonly DesiredPool[];
}

/** What config asks for, with the generation that each pool shall run on. */
export const desiredOf = <S extends DesiredSource>(
  { cluster, pools }: S,
  facts: Pick<DesiredCluster, "kubeletMayTrail" | "controlPlaneBack">,
): DesiredCluster & Pick<S, "cluster" | "pools"> => ({
  cluster,
  pools,
  generations: Object.fromEntries(pools.map(pool => [pool.name, generationId(cluster.name, pool)])),
  ...facts,
});
