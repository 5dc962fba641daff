import type { ApiserverCount } from "./roles";

/** What a control plane should be. */
export interface ControlPlaneSpec {
  readonly name: string;
  /** Exact version of the programs: "1.36.4". */
  readonly version: string;
  /** Minor whose API the programs show while the way back stays open: "1.35". */
  readonly emulated?: string;
  /**
   * Goes one minor back although the newer one was served, as clouds do for some days: what the newer one stores by
   * default the older one still reads (KEP-4330, compatibility version), objects of its new APIs it does not.
   */
  readonly takeBack?: true;
  /** Decided when it is made; absent = as it was made, and 2 for a new one. */
  readonly apiserverCount?: ApiserverCount;
}

export interface RunOptions {
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface ProcessState {
  readonly role: string;
  /** Name and version: `kube-apiserver@1.36.4`. */
  readonly program: string;
  readonly pid?: number;
  readonly alive: boolean;
  readonly port: number;
  readonly log: string;
}

/** What a folder says about its control plane, without asking the API. */
export interface ControlPlaneState {
  readonly name: string;
  readonly dir: string;
  /** What was last asked for; a half-done change shows in `apiservers`. */
  readonly version: string;
  readonly emulated?: string;
  readonly apiserverCount: ApiserverCount;
  /** Version of each apiserver's program. */
  readonly apiservers: readonly string[];
  readonly kubeconfig: string;
  readonly endpoint: string;
  readonly processes: readonly ProcessState[];
  /** The cluster's identity (UID of kube-system); known once it was ready for the first time. */
  readonly uid?: string;
}
