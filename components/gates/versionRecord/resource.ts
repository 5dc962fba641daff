import { gateOf } from "../gate";
import type { VersionRecordInputs } from "./protocol";

export const versionRecord = gateOf<VersionRecordInputs>("VersionRecord");
