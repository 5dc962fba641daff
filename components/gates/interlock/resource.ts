import { gateOf } from "../gate";
import type { InterlockInputs } from "./protocol";

export const interlock = gateOf<InterlockInputs>("Interlock");
