import type { Edit } from "../core/config/edit";

/** One edit as two lines: what the file will say, and why. */
export const describeEdit = ({ path, value, why }: Edit): string => {
  const text = value === undefined ? "(removed)" : JSON.stringify(value);
  return `changeover:${path.join(".")} = ${text}\n    ${why}`;
};
