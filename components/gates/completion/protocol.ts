import type { GateInputs } from "../protocol";

export interface CompletionInputs extends GateInputs {
  readonly gate: "Completion";
  readonly cluster: string;
  /** Pool → epoch that its migration, validation and soak were done for. */
  readonly epochs: Readonly<Record<string, number>>;
}

export interface CompletionOutputs extends CompletionInputs {
  readonly outcome: { readonly pools: readonly string[] };
}
