import { gateOf } from "../gate";
import type { HandoverProofInputs } from "./protocol";

export const handoverProof = gateOf<HandoverProofInputs>("HandoverProof");
