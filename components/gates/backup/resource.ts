import { gateOf } from "../gate";
import type { BackupInputs } from "./protocol";

export const backup = gateOf<BackupInputs>("Backup");
