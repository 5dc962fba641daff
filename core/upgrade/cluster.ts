import type { GenerationSource } from "../identity/generation";
import type { Catalog } from "../version/catalog";
import type { Stage } from "./controlPlaneChange";
import type { Ledger } from "./ledgerRecord";
import type { ControlPlaneBack } from "./wayBack";

/** The live cluster as the rules see it. It is the truth; everything else is a claim. */
export interface ObservedCluster {
  /** Absent = there is no cluster yet. A cluster that can't be reached is never observed as absent. */
  readonly version?: ObservedVersion;
  /** All Node objects, also those of nobody's pool. */
  readonly nodes: readonly ObservedNode[];
  readonly ledger: Ledger;
}

export interface ObservedVersion {
  /** "1.36.4". */
  readonly binary: string;
  /** "1.35" while the API of that minor is served by newer binaries. */
  readonly emulated?: string;
  /** Versions of all API servers, where they can be told apart. */
  readonly apiservers?: readonly string[];
}

export interface ObservedNode {
  readonly name: string;
  /** As the kubelet reports it: "v1.36.4". */
  readonly kubelet: string;
  readonly pool?: string;
  readonly generation?: string;
  readonly ready: boolean;
  readonly schedulable: boolean;
  /** No machine: an API of somebody's behind a Node object (virtual-kubelet). */
  readonly virtual?: boolean;
}

/** What config asks for, as plain values. A parsed stack's own parts fit in. */
export interface DesiredCluster {
  readonly cluster: {
    readonly name: string;
    readonly cloud: string;
    readonly version: string;
    readonly stage: Stage;
  };
  readonly pools: readonly DesiredPool[];
  /** Pool → id of the generation it shall run on. */
  readonly generations: Readonly<Record<string, string>>;
  /** Minors that a kubelet may be older than the control plane on this cloud. */
  readonly kubeletMayTrail: number;
  readonly controlPlaneBack: ControlPlaneBack;
}

export interface DesiredPool extends GenerationSource {
  readonly name: string;
  /** The block in config that makes it one of several, one a zone. */
  readonly block?: string | undefined;
  readonly hold: boolean;
  readonly remove: boolean;
  readonly strategy: {
    readonly kind: "blueGreen" | "staged";
    /** Percent of a second pool that may exist beside the first; below 100 the pool moves in waves. */
    readonly poolSurge: number;
  };
  readonly size: { readonly max: number };
  /** The generation that machines which were there before stand for. */
  readonly adopt?: { readonly generation: string } | undefined;
  readonly retiring: readonly {
    readonly generation: string;
    readonly spec: GenerationSource & { readonly size: { readonly max: number } };
  }[];
}

/** What the rules must know besides the two clusters. */
export interface UpgradeFacts {
  readonly catalog: Catalog;
  /** ISO time. */
  readonly now: string;
}
