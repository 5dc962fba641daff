import { gateOf } from "../gate";
import type { ActivationInputs } from "./protocol";

export const activation = gateOf<ActivationInputs>("Activation");
