import { gateOf } from "../gate";
import type { UpgradeGateInputs } from "./protocol";

export const upgradeGate = gateOf<UpgradeGateInputs>("UpgradeGate");
