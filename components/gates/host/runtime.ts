import type { ConnectionRecipe } from "../../../core/config/connection";
import type { Problem } from "../../../core/problem";
import type { KubeClient } from "../../../kube";
import type { CloudLive } from "../../../operations/ports";
import type { GateInputs } from "../protocol";

/** What a gate may touch while it runs. */
export interface GateContext {
  /** Aborted by the first Ctrl-C (the engine's Cancel) and when the engine is gone. */
  readonly signal: AbortSignal;
  /** One id per provider process: all gates of one `up` share it, and with it the cluster's lease. */
  readonly run: string;
  readonly now: () => number;
  /** One line to the user while the step runs. */
  readonly log: (line: string) => void;
  readonly live: CloudLive;
  /** The API of the gate's own cluster, or of another; "absent" = no such cluster. Throws when it can't be reached. */
  readonly reach: (another?: ConnectionRecipe) => Promise<KubeClient | "absent">;
  /** Whether the cloud knows a cluster, also another than the gate's own. Throws when that can't be told. */
  readonly isThere: (connection: ConnectionRecipe) => Promise<boolean>;
}

/**
 * How one kind of resource lives. Create and update are one `apply`: observe, ensure, return, right whether the thing
 * is missing, ours, half-done or adopted.
 */
export interface GateRuntime<I extends GateInputs, O extends I> {
  /** Top-level keys of the outputs that are not inputs. */
  readonly outputs: readonly Exclude<keyof O, keyof I>[];
  /** Inputs that check() learns of the live cluster: by themselves no reason to run the step again. */
  readonly learned?: readonly (keyof I)[];
  /** Looked at in preview and up, before anything changes. May rewrite inputs. */
  readonly check?: (inputs: I, olds: I | undefined, context: GateContext) => Promise<Checked<I>>;
  /** Asked when no input changed: does the live cluster need this step all the same? */
  readonly isStale?: (outputs: O, inputs: I, context: GateContext) => Promise<boolean>;
  readonly apply: (inputs: I, olds: O | undefined, context: GateContext) => Promise<O>;
  /** What delete does. Left out: nothing is touched. */
  readonly release?: (outputs: O, context: GateContext) => Promise<void>;
}

export interface Checked<I> {
  readonly inputs: I;
  readonly problems: readonly Problem[];
}
