import { servedMinor } from "../../core/version/poolVersion";
import { checkKubeletSkew, SKEW_POLICY_URL } from "../../core/version/skew";
import type { KubeVersion } from "../../core/version/kubeVersion";
import { defineRule, type Subject } from "../support/defineRule";
import { readBlock, readBlocks, readStage, readText, readVersion, Unreadable } from "../support/read";
import { TYPES } from "../support/resources";
import { readPools, sayProblem } from "../support/versionRecord";

type Props = Subject["props"];

interface Kubelets {
  readonly subject: string;
  readonly path: string;
  readonly kubelet: KubeVersion;
}

export const kubeletWithinSkew = defineRule({
  name: "kubelet-within-skew",
  severity: "critical",
  why: "A kubelet is never newer than the API it talks to, and older by a few minors only.",
  url: SKEW_POLICY_URL,
  appliesTo: [TYPES.versionRecord, TYPES.upgradeGate],
  check: subject => {
    const { plane, kubelets } = readPlane(subject.props);
    const [newest, stage] = [readVersion(plane, "version"), readStage(plane, "stage")];
    const mayTrail = trailOf(subject);
    return kubelets.flatMap(entry => {
      const problem = checkKubeletSkew({ ...entry, oldest: servedMinor(newest, stage), newest, mayTrail });
      return problem === undefined ? [] : [sayProblem(problem)];
    });
  },
});

/** From the catalogue by cloud: what the resource itself claims is not asked. */
const trailOf = ({ props, catalog }: Subject): number => {
  const cloud = readText(props, "connection.cloud");
  const facts = catalog.skew[cloud];
  if (facts === undefined) throw new Unreadable(`connection.cloud is "${cloud}", of which no skew is known`);
  return facts.kubeletMayTrail;
};

/** An UpgradeGate states the whole desired cluster; a VersionRecord only its pools. */
const readPlane = (props: Props): { plane: Props; kubelets: readonly Kubelets[] } => {
  if (props["gate"] !== "UpgradeGate") return { plane: props, kubelets: readPools(props).map(describePool) };
  const desired = readBlock(props, "desired");
  return {
    plane: readBlock(desired, "cluster"),
    kubelets: readBlocks(desired, "pools").flatMap(readGenerations),
  };
};

const describePool = ({ name, version }: { name: string; version: KubeVersion }): Kubelets => ({
  subject: `pool "${name}"`,
  path: `pools.${name}.version`,
  kubelet: version,
});

/** A pool's own version, and those of the generations it is leaving: they run until they are gone. */
const readGenerations = (pool: Props): Kubelets[] => {
  const name = readText(pool, "name");
  const leaving = readBlocks(pool, "retiring").map((entry, index) => ({
    subject: readText(entry, "generation"),
    path: `pools.${name}.retiring.${index}.spec.version`,
    kubelet: readVersion(entry, "spec.version"),
  }));
  return [describePool({ name, version: readVersion(pool, "version") }), ...leaving];
};
