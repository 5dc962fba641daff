import { ProgramFailed } from "../rules";
import type { PackageName, Place } from "../state";

export const minorOf = (version: string): number => Number(version.split(".")[1]);

/** Version of an installed package, without its revision. */
export const installed = ({ machine }: Place, name: PackageName): string => {
  const found = machine.packages[name]?.split("-")[0];
  if (found === undefined) throw new ProgramFailed(127, `sh: ${name}: not found`);
  return found;
};
