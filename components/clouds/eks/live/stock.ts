import { LABEL } from "../../../../core/identity/names";
import type { CloudStock, PoolChange } from "../../../../operations/ports";
import { rememberName } from "./adopted";
import { readExisting } from "./existing";
import { readAddOns } from "./existingAddOns";
import { newestImage } from "./images";
import { newestAddOn } from "./newestAddOn";
import { changeGroup } from "./nodeGroup";

/**
 * Labels of a node group change in place (API_UpdateNodegroupConfig). No page of EKS promises that nodes which are there
 * get them, so whoever needs that labels the nodes as well.
 */
const markPool = (pool: PoolChange, name: string): Promise<void> => {
  rememberName(pool, name);
  const addOrUpdateLabels = { [LABEL.pool]: pool.pool, [LABEL.generation]: pool.generation };
  return changeGroup(pool, { labels: { addOrUpdateLabels } });
};

export const eksStock: CloudStock = {
  readExisting,
  readAddOns,
  markPool,
  newestImage,
  newestAddOn,
};
