import { gateOf } from "../gate";
import type { CompletionInputs } from "./protocol";

export const completion = gateOf<CompletionInputs>("Completion");
