import { gateOf } from "../gate";
import type { AddOnGateInputs } from "./protocol";

export const addOnGate = gateOf<AddOnGateInputs>("AddOnGate");
