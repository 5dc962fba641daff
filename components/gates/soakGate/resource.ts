import { gateOf } from "../gate";
import type { SoakGateInputs } from "./protocol";

export const soakGate = gateOf<SoakGateInputs>("SoakGate");
