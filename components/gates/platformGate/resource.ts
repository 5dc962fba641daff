import { gateOf } from "../gate";
import type { PlatformGateInputs } from "./protocol";

export const platformGate = gateOf<PlatformGateInputs>("PlatformGate");
