import { closest } from "../../../../core/config/nearest";

const NAMED = 3;

/** What to do about a region that a cloud does not have, with those it has that look most like it. */
export const otherRegion = (found: string, regions: readonly string[], how: string): string =>
  `write the region's name as the cloud does; the nearest are ${closest(found, regions).slice(0, NAMED).join(", ")}. All: ${how}`;
