import { gateOf } from "../gate";
import type { ValidationInputs } from "./protocol";

export const validation = gateOf<ValidationInputs>("Validation");
