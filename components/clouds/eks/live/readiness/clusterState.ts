import type { Cluster } from "@aws-sdk/client-eks";
import type { Problem } from "../../../../../core/problem";
import { AUTO_MODE } from "../autoMode";
import { type Findings, NOTHING } from "../../../shared/live/sideBySide";
import { blocked } from "./findings";
import type { Question } from "./question";

/** Who else moves nodes of this cluster at AWS. */
export const checkAutoMode = async ({ cluster }: Question): Promise<Findings> => {
  const found = await cluster();
  return found === undefined ? NOTHING : judgeAutoMode(found);
};

export const judgeAutoMode = ({ name = "", computeConfig }: Cluster): Findings =>
  computeConfig?.enabled === true ? blocked(autoMode(name)) : NOTHING;

const autoMode = (name: string): Problem => ({
  code: "Eks.AutoMode",
  path: "cluster",
  message: `cluster "${name}" ${AUTO_MODE.is}; once the control plane has moved it would replace its nodes`,
  fix: AUTO_MODE.fix,
  source: AUTO_MODE.source,
});
