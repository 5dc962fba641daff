import { gateOf } from "../gate";
import type { HealthGateInputs } from "./protocol";

export const healthGate = gateOf<HealthGateInputs>("HealthGate");
