import { gateOf } from "../gate";
import type { MigrationInputs } from "./protocol";

export const migration = gateOf<MigrationInputs>("Migration");
