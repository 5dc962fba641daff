import type { CloudStock } from "../../../../operations/ports";
import { readExisting } from "./existing";
import { newestImage } from "./images";
import { markPool } from "./nodePool";

export const gkeStock: CloudStock = { readExisting, markPool, newestImage };
