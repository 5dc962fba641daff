import { exactVersion, runnableMinors } from "../../../controlplane";

/** Builds of a minor that this stand-in says it offers, new to old: the lab's own patch, and one that nobody runs. */
const buildsOf = (minor: string): readonly string[] => {
  const exact = exactVersion(minor);
  return [`${exact}-gke.1000000`, `${exact}-gke.500000`];
};

/** Not Google's: versions made up around what the lab runs. Field names: projects.locations, getServerConfig. */
export const serverConfig = (): object => {
  const versions = [...runnableMinors()].reverse().flatMap(buildsOf);
  return { defaultClusterVersion: versions[0], validNodeVersions: versions, validMasterVersions: versions };
};
