import type { CloudStock } from "../../../../operations/ports";
import { markPool } from "./agentPool";
import { readExisting } from "./existing";
import { newestImage } from "./images";

export const aksStock: CloudStock = { readExisting, markPool, newestImage };
