import { gateOf } from "../gate";
import type { GenerationGateInputs } from "./protocol";

export const generationGate = gateOf<GenerationGateInputs>("GenerationGate");
