import { checkPoolVersion } from "../../core/version/poolVersion";
import { SKEW_POLICY_URL } from "../../core/version/skew";
import { defineRule } from "../support/defineRule";
import { readVersion } from "../support/read";
import { TYPES } from "../support/resources";
import { readPools, sayProblem } from "../support/versionRecord";

export const poolNotNewerThanControlPlane = defineRule({
  name: "pool-not-newer-than-control-plane",
  severity: "critical",
  why: "The control plane moves first: a pool never asks for a newer minor than the control plane does.",
  url: SKEW_POLICY_URL,
  appliesTo: [TYPES.versionRecord],
  check: ({ props }) => {
    const controlPlane = readVersion(props, "version");
    return readPools(props).flatMap(({ name, version }) => {
      const wanted = {
        pool: name,
        path: `pools.${name}.version`,
        version,
        controlPlane,
        stage: "final",
      } as const;
      const problem = checkPoolVersion(wanted);
      return problem === undefined ? [] : [sayProblem(problem)];
    });
  },
});
