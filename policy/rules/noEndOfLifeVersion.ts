import { checkSupported } from "../../core/upgrade/supportRules";
import { formatVersion, minorText } from "../../core/version/kubeVersion";
import { defineRule } from "../support/defineRule";
import { readText, readVersion, Unreadable } from "../support/read";
import { TYPES } from "../support/resources";
import { readPools, sayProblem } from "../support/versionRecord";

export const noEndOfLifeVersion = defineRule({
  name: "no-end-of-life-version",
  severity: "medium",
  enforcementLevel: "advisory",
  why: "A minor without support gets no security fixes.",
  url: "https://kubernetes.io/releases/",
  appliesTo: [TYPES.versionRecord],
  check: ({ props, catalog, now }) => {
    const cloud = readText(props, "connection.cloud");
    const versions = [
      { version: readVersion(props, "version"), path: "cluster.version" },
      ...readPools(props).map(({ name, version }) => ({ version, path: `pools.${name}.version` })),
    ];
    return versions.flatMap(({ version, path }) => {
      if (catalog.minors[minorText(version)] === undefined)
        throw new Unreadable(`${path} ${minorText(version)} is not in the catalogue`);
      const problem = checkSupported({ cloud, path, version: formatVersion(version) }, { catalog, now });
      return problem === undefined ? [] : [sayProblem(problem)];
    });
  },
});
