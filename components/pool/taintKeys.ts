import type { MachineSpec } from "../clouds/contract";

/** What probes have to tolerate. Said only where there is something: elsewhere nothing of it is in anybody's state. */
export const taintKeysOf = ({
  taints,
}: Pick<MachineSpec, "taints">): { readonly taintKeys?: readonly string[] } =>
  taints.length === 0 ? {} : { taintKeys: [...new Set(taints.map(({ key }) => key))].sort() };
