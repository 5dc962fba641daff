import { gateOf } from "../gate";
import type { HandoverGateInputs } from "./protocol";

export const handoverGate = gateOf<HandoverGateInputs>("HandoverGate");
