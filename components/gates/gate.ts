import * as pulumi from "../sdk";
import type { GateInputs, Stated } from "./protocol";
import { SHELL } from "./shell";

/** Everything that shapes the graph is plain; only epochs, which gates count at run time, travel as Outputs. */
type GateArgs<T> = {
  readonly [K in keyof T]: K extends "epoch"
    ? pulumi.Input<T[K]>
    : K extends "epochs"
      ? Readonly<Record<string, pulumi.Input<number>>>
      : T[K];
};

type StoredInputs = Readonly<Record<string, unknown>> & { readonly gate: string };

/** A resource that holds the graph until something is true, or refuses. Its life is run by `<gate>/runtime.ts`. */
export class Gate extends pulumi.CustomResource {
  /** Counts activations of a pool. Only an Activation sets it. */
  declare public readonly epoch: pulumi.Output<number>;
  /** Whether AKS has still to make the cluster. Only an AksBirth sets it. */
  declare public readonly needed: pulumi.Output<boolean>;
  /** What was done or found. Read of a LabControlPlane only. */
  declare public readonly outcome: pulumi.Output<Readonly<Record<string, unknown>>>;

  constructor(name: string, inputs: StoredInputs, opts: pulumi.CustomResourceOptions) {
    const type = `pulumi-nodejs:dynamic/changeover:${inputs.gate}`;
    const stored = { ...inputs, urn: pulumi.createUrn(name, type, opts.parent), __provider: SHELL };
    super(type, name, stored, {
      ...opts,
      hideDiffs: ["__provider", "urn"],
    });
  }
}

/** What a program reads of a gate: the SDK makes outputs of what it is told of beforehand. */
const READ: Partial<Record<GateInputs["gate"], object>> = {
  Activation: { epoch: undefined },
  AksBirth: { needed: undefined },
  LabControlPlane: { outcome: undefined },
};

/** Makes the constructor function of one kind of gate, typed by its protocol. */
export const gateOf =
  <I extends GateInputs>(gate: I["gate"]) =>
  (name: string, inputs: GateArgs<Stated<I>>, opts: pulumi.CustomResourceOptions): Gate =>
    new Gate(name, { ...inputs, ...READ[gate], gate, protocol: 1 }, opts);
