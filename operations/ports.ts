import type { AddOnsSpec, ClusterSpec, PoolSpec } from "../core/config";
import type { ConnectionRecipe } from "../core/config/connection";
import type { ExistingAddOn, ExistingCluster, MachinesWanted } from "../core/config/existing";
import type { Problem } from "../core/problem";
import type { Result } from "../core/result";
import type { MachinesToCome } from "../core/upgrade/toCome";
import type { KubeClient } from "../kube";

/** What most use cases need of the world. */
export interface Ports {
  readonly kube: KubeClient;
  readonly now: () => number;
  /** One line to the user. */
  readonly log: (line: string) => void;
}

/** Those that also change machines at the cloud, in one run. */
export interface CloudPorts extends Ports {
  readonly live: CloudLive;
  /** Holder of the cluster's lease: one id per `up`. */
  readonly run: string;
}

/** How to open the cluster's API right now. */
export interface KubeAccess {
  readonly kubeconfig: string;
  readonly context?: string;
}

/**
 * What gates do at the cloud at run time. Each operation is idempotent, treats gone and already-done as success and
 * records the prior value before it changes one.
 */
export interface CloudLive {
  /** "absent" = the cloud says there is no such cluster. Anything uncertain throws: unknown is never "absent". */
  access(connection: ConnectionRecipe): Promise<KubeAccess | "absent">;
  /** The desired number of nodes as the cloud has it, or "absent". */
  poolSize(pool: PoolRef): Promise<number | "absent">;
  /**
   * Whether an open pool's number of nodes is whatever pods ask for: nothing is then grown or waited for when it is
   * proven again. Absent = no pool of this cloud.
   */
  followsDemand?(pool: PoolRef): Promise<boolean>;
  /** Sets the desired number of nodes; never below what is there when the pool is closed. */
  resizePool(pool: PoolChange, size: number): Promise<void>;
  /** Sets the fewest and most nodes of an open pool. Absent where the provider changes them in place. */
  boundPool?(pool: PoolChange, size: { readonly min: number; readonly max: number }): Promise<void>;
  /** Gives these machines back and counts as many less, so that none is replaced. They must be empty and closed. */
  releaseNodes(pool: PoolChange, nodes: readonly string[]): Promise<void>;
  /** Nothing new joins: no growth, no refill, new machines are born fenced. */
  closePool(pool: PoolChange): Promise<void>;
  /** Undoes closePool to the recorded values and lifts the unproven taint from the template. */
  openPool(pool: PoolChange): Promise<void>;
  /**
   * Undoes closePool alone, for a generation that is gone back to and has to grow before it carries anything. One that
   * was not closed stays as it is, unproven or not.
   */
  reopenPool(pool: PoolChange): Promise<void>;
  /**
   * The cloud ends no machine of the pool to even out its zones: for a generation that workloads move onto. Absent where
   * a cloud does not do that.
   */
  suspendRebalance?(pool: PoolChange): Promise<void>;
  /** Undoes suspendRebalance; what somebody else had suspended stays so. */
  resumeRebalance?(pool: PoolChange): Promise<void>;
  /**
   * What the cloud itself says of a wanted state before anything changes: what it offers, its quotas and addresses for
   * machines to come, what this identity may do and for how long, what it reports of the cluster. It only looks, and
   * says all at once. What could not be asked is a warning that says so, never silence. Absent = nothing to ask.
   */
  readiness?(wanted: WantedAtCloud, signal: AbortSignal): Promise<CloudReadiness>;
  /**
   * Takes the step of a two-step upgrade that is left to the wanted stage: begins it, takes it back, or completes it.
   * Nothing left = success. Absent where the provider takes every one. @returns until when the way back is open, as ISO
   * time, where the cloud says so.
   */
  settleStage?(change: StageChange): Promise<{ readonly backUntil?: string }>;
  /**
   * Asked where the cloud does not answer for the cluster, or not as hoped: whether it has the place that config names
   * at all. Empty = it has. Absent = an answer from this cloud, or none, says nothing of the place.
   */
  checkPlace?(connection: ConnectionRecipe, signal: AbortSignal): Promise<readonly Problem[]>;
  /**
   * What it means that the cluster's API server takes valid credentials of the cloud for nobody's, and what to do about
   * it. Absent = the cloud has no access of its own to give.
   */
  explainNoAccess?(connection: ConnectionRecipe, signal: AbortSignal): Promise<Problem>;
  /** How add-ons that this stack holds are. Absent = the cloud has none of that kind. */
  addOnStates?(connection: ConnectionRecipe, names: readonly string[]): Promise<readonly AddOnState[]>;
  /** Saves the cluster's data to a file. */
  backup(connection: ConnectionRecipe, signal: AbortSignal): Promise<BackupTaken>;
  /** Restores a backup somewhere disposable and compares it with the live cluster at the backup's moment. */
  proveBackup(connection: ConnectionRecipe, file: string, signal: AbortSignal): Promise<BackupProof>;
}

/** A desired state as the cloud is asked about it. */
export interface WantedAtCloud {
  readonly connection: ConnectionRecipe;
  readonly cluster: ClusterSpec;
  readonly pools: readonly PoolSpec[];
  /** What the control plane serves now, as "1.35"; absent = there is no cluster yet. */
  readonly live?: string;
  readonly toCome: readonly MachinesToCome<PoolSpec>[];
  /** By name; empty where config has none. */
  readonly addOns: AddOnsSpec;
}

export interface AddOnState {
  readonly name: string;
  /** Absent where the cloud has no such add-on. */
  readonly version?: string;
  /** failed = waiting changes nothing. */
  readonly state: "well" | "unwell" | "failed" | "absent";
  /** The cloud's own words: its status and its reasons. */
  readonly said: string;
}

/** What a look before anything changes brings to light. */
export interface Findings {
  /** Any of these and nothing is touched. */
  readonly blockers: readonly Problem[];
  readonly warnings: readonly Problem[];
}

export interface CloudReadiness extends Findings {
  /** ISO time at which this identity's credentials end and nothing renews them; absent = they don't. */
  readonly identityEnds?: string;
}

export interface PoolRef {
  readonly connection: ConnectionRecipe;
  readonly pool: string;
  readonly generation: string;
}

/** A change of a pool at the cloud: who is told what it waits for, and what ends the waiting. */
export interface PoolChange extends PoolRef {
  readonly log: (line: string) => void;
  readonly signal: AbortSignal;
}

/** A control plane's stage as it shall be, who is told what it waits for, and what ends the waiting. */
export interface StageChange extends Pick<PoolChange, "connection" | "log" | "signal"> {
  /** As config writes it: "1.36" or "1.36.4". */
  readonly version: string;
  readonly stage: "emulated" | "final";
  /** For how long the cloud shall keep the way back open before it completes the upgrade by itself; said while emulated. */
  readonly soakSeconds?: number;
}

export interface BackupTaken {
  readonly file: string;
  readonly takenAt: string;
}

export interface BackupProof {
  readonly objects: number;
  readonly resources: number;
  /** One line per resource whose count or content differs; empty = proven. */
  readonly differences: readonly string[];
}

/** What a cloud has in stock, for `changeover adopt` and `changeover pin`. It looks; only markPool changes anything. */
export interface CloudStock {
  /**
   * The cluster and its pools in the words of config, each with what stands against taking it over. `wanted` is for
   * whom no cloud tells pools and addresses.
   */
  readExisting(place: ConnectionRecipe, wanted: MachinesWanted): Promise<ExistingCluster | "absent">;
  /** The add-ons that the cloud has in the cluster, for who would take them over. Absent = it has none of a stack's. */
  readAddOns?(
    place: ConnectionRecipe,
    kube: KubeClient,
    signal: AbortSignal,
  ): Promise<readonly ExistingAddOn[]>;
  /**
   * Puts pool and generation into the labels of the pool that the cloud calls `name`, so that nodes which join later
   * bear them. No node is replaced or restarted; those that are there may stay without.
   */
  markPool(pool: PoolChange, name: string): Promise<void>;
  /** The newest exact image for machines of a version, as config writes it; refused where the cloud offers none. */
  newestImage(wanted: ImageWanted): Promise<Result<string>>;
  /** The version of an add-on for a control plane's minor. Absent = the cloud has no table of them. */
  newestAddOn?(wanted: AddOnWanted): Promise<Result<string>>;
}

export interface AddOnWanted {
  readonly connection: ConnectionRecipe;
  /** As config has it: "coredns". */
  readonly name: string;
  /** The control plane's, as config writes it. */
  readonly version: string;
  /** What config says now: kept where it fits and is newer than what the cloud would choose. */
  readonly found?: string;
}

export interface ImageWanted {
  readonly connection: ConnectionRecipe;
  readonly pool: string;
  /** As config writes it: "1.36" or "1.36.4". */
  readonly version: string;
  readonly machine: string;
  /** What stands before "/" in an image, on AKS before its day; absent = the cloud's general one. */
  readonly family?: string;
}
