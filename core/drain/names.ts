import { compareText } from "./scope";

const NAMES_SHOWN = 3;

/** "web-1, web-2, web-3 and 4 more" */
export const describeNames = (names: readonly string[], shown = NAMES_SHOWN): string => {
  const sorted = [...names].sort(compareText);
  const rest = sorted.length - shown;
  return rest > 0 ? `${sorted.slice(0, shown).join(", ")} and ${rest} more` : sorted.join(", ");
};
