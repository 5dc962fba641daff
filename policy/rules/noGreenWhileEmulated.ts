import { compareMinor } from "../../core/version/kubeVersion";
import { checkPoolVersion } from "../../core/version/poolVersion";
import { SKEW_POLICY_URL } from "../../core/version/skew";
import { defineRule } from "../support/defineRule";
import { readStage, readVersion } from "../support/read";
import { TYPES } from "../support/resources";
import { readPools, sayProblem } from "../support/versionRecord";

export const noGreenWhileEmulated = defineRule({
  name: "no-green-while-emulated",
  severity: "high",
  why: "While the control plane still serves the old minor its way back is open; a pool of the new minor would close it.",
  url: SKEW_POLICY_URL,
  appliesTo: [TYPES.versionRecord],
  check: ({ props }) => {
    const stage = readStage(props, "stage");
    if (stage === "final") return { notApplicable: "the control plane is to serve its own minor" };
    const controlPlane = readVersion(props, "version");
    const pools = readPools(props).filter(({ version }) => compareMinor(version, controlPlane) <= 0);
    return pools.flatMap(({ name, version }) => {
      const problem = checkPoolVersion({
        pool: name,
        path: `pools.${name}.version`,
        version,
        controlPlane,
        stage,
      });
      return problem === undefined ? [] : [sayProblem(problem)];
    });
  },
});
