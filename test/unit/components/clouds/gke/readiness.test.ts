import type { GkeCluster } from "../../../../../components/clouds/gke/live/found";
import { judgeAddresses } from "../../../../../components/clouds/gke/live/readiness/addresses";
import { bornNodes } from "../../../../../components/clouds/gke/live/readiness/machines";
import { judgePermissions } from "../../../../../components/clouds/gke/live/readiness/permissions";
import { judgeQuota } from "../../../../../components/clouds/gke/live/readiness/quota";
import { judgeSelfMoving } from "../../../../../components/clouds/gke/live/readiness/selfMoving";
import { judgeVersions } from "../../../../../components/clouds/gke/live/readiness/versions";
import { NOTHING } from "../../../../../components/clouds/shared/live/sideBySide";
import { connectionOf, parseStack } from "../../../../../core/config";
import type { WantedAtCloud } from "../../../../../operations/ports";
import { gkeCluster, gkeWorkers } from "../../../../support/gkeStack";

const NOW = Date.parse("2026-11-01T00:00:00Z");
const HOUR = 3_600_000;
const IMAGE = "1.36.4-gke.1000000";

interface Case {
  readonly count?: number;
  readonly adopt?: object;
  readonly exclusions?: readonly object[];
  readonly size?: object;
}

const wantedWith = ({
  count = 2,
  adopt,
  exclusions = [],
  size = { min: 2, max: 4 },
}: Case): WantedAtCloud => {
  const cluster = gkeCluster("eu", "1.36");
  const gke = { ...(cluster["gke"] as object), maintenance: { exclusions } };
  const workers = { ...gkeWorkers(IMAGE), size };
  const parsed = parseStack({
    cluster: { ...cluster, gke, ...(adopt && { adopt }) },
    backup: { kind: "none" },
    pools: { workers },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { cluster: spec, pools } = parsed.value;
  const [pool] = pools;
  if (pool === undefined) throw new Error("no pool");
  const toCome =
    count === 0 ? [] : [{ pool: "workers", generation: "workers-1-36-abcdef", count, spec: pool }];
  return { connection: connectionOf(spec), cluster: spec, pools, addOns: {}, live: "1.35.8", toCome };
};

const coming = (wanted: WantedAtCloud): number => {
  const [one] = wanted.toCome;
  if (one === undefined) throw new Error("nothing is to come");
  return bornNodes(one);
};

const codesOf = ({ blockers, warnings }: ReturnType<typeof judgeSelfMoving>): readonly string[] => [
  ...blockers.map(({ code }) => `blocker ${code}`),
  ...warnings.map(({ code }) => `warning ${code}`),
];

const exclusion = (fromHours: number, toHours: number): object => ({
  name: "run",
  from: new Date(NOW + fromHours * HOUR).toISOString(),
  to: new Date(NOW + toHours * HOUR).toISOString(),
});

describe("what GKE offers", () => {
  const offered = { masters: ["1.36.4-gke.1000000"], nodes: ["1.36.4-gke.500000"] };

  it("a minor is offered by any build of it, an image by that build alone", () => {
    const { blockers } = judgeVersions(wantedWith({}), offered, false);
    expect(blockers.map(({ code }) => code)).toEqual(["Gke.ImageNotOffered"]);
  });

  it("a control plane that stays where it is need not be offered any more", () => {
    const { blockers } = judgeVersions(
      { ...wantedWith({ count: 0 }), live: "1.36.1" },
      { ...offered, masters: [] },
      false,
    );
    expect(blockers).toEqual([]);
  });

  it("nor need what a control plane goes back to", () => {
    const wanted = { ...wantedWith({ count: 0 }), live: "1.37.1" };
    expect(judgeVersions(wanted, { ...offered, masters: [] }, true).blockers).toEqual([]);
  });
});

describe("what GKE does by itself while a run goes on", () => {
  const judge = (found: Case, cluster: GkeCluster = {}): readonly string[] =>
    codesOf(judgeSelfMoving(wantedWith(found), cluster, NOW));

  it("an exclusion of config that covers the run leaves nothing to say", () => {
    expect(judge({ exclusions: [exclusion(-1, 24)] })).toEqual([]);
  });

  it.each([
    ["that is over", [exclusion(-5, -1)]],
    ["that has not begun", [exclusion(1, 24)]],
    ["that ends before the drains must be over", [exclusion(-1, 0.1)]],
  ])("an exclusion %s is said", (_what, exclusions) => {
    expect(judge({ exclusions })).toEqual(["warning Gke.MayUpgradeByItself"]);
  });

  it("an adopted cluster's own exclusions count, not those of config", () => {
    const adopt = { version: "1.35" };
    const window = (to: number): GkeCluster => ({
      maintenancePolicy: {
        window: {
          maintenanceExclusions: {
            own: { startTime: new Date(NOW - HOUR).toISOString(), endTime: new Date(NOW + to).toISOString() },
          },
        },
      },
    });
    expect(judge({ adopt }, window(24 * HOUR))).toEqual([]);
    expect(judge({ adopt, exclusions: [exclusion(-1, 24)] })).toEqual(["warning Gke.MayUpgradeByItself"]);
  });

  it("a channel refuses pools of ours; a control plane alone may move in one", () => {
    const cluster = { releaseChannel: { channel: "STABLE" } };
    const exclusions = [exclusion(-1, 24)];
    expect(judge({ exclusions }, cluster)).toEqual(["blocker Gke.ReleaseChannel"]);
    expect(judge({ exclusions, count: 0 }, cluster)).toEqual(["warning Gke.ReleaseChannel"]);
  });
});

describe("machines to come at GKE", () => {
  it("are rounded up to the zones when a pool is born, not when it grows", () => {
    expect(coming(wantedWith({ count: 3, size: { min: 3, max: 4 } }))).toBe(4);
    expect(coming(wantedWith({ count: 5, size: { min: 2, max: 6 } }))).toBe(5);
  });

  it("of a family whose quota Compute Engine does not tell are a warning, and the others still count", () => {
    const { blockers, warnings } = judgeQuota({
      coming: [
        {
          pool: "workers",
          machine: "c4-standard-8",
          nodes: 3,
          isSpot: false,
          diskGb: 100,
          cpus: 8,
          missing: [],
          offering: [],
        },
      ],
      quotas: [
        { metric: "CPUS", limit: 0, usage: 0 },
        { metric: "CPUS_ALL_REGIONS", limit: 32, usage: 16 },
      ],
      ...{ cluster: undefined, region: "europe-west1" },
    });
    expect(warnings.map(({ code }) => code)).toEqual(["Gke.QuotaNotReadable"]);
    expect(blockers.map(({ message }) => message)).toEqual([
      expect.stringMatching(/CPUS_ALL_REGIONS .*24 more .* 16 of 32 are free/),
    ]);
  });
});

describe("spot machines at GKE", () => {
  const coming = {
    ...{ pool: "workers", machine: "n2-standard-8", nodes: 2, cpus: 8, isSpot: true, diskGb: 50 },
    ...{ missing: [], offering: [] },
  };
  const judge = (preemptible: number): readonly string[] => {
    const quotas = [
      { metric: "PREEMPTIBLE_CPUS", limit: preemptible, usage: 0 },
      { metric: "N2_CPUS", limit: 8, usage: 0 },
      { metric: "SSD_TOTAL_GB", limit: 100, usage: 0 },
    ];
    const { blockers } = judgeQuota({ coming: [coming], quotas, cluster: undefined, region: "r" });
    return blockers.map(({ message }) => message.split(" in ")[0] ?? "");
  };

  it("count against the quota of their own where there is any, else as all others", () => {
    expect(judge(16)).toEqual([]);
    expect(judge(8)).toEqual(["quota PREEMPTIBLE_CPUS"]);
    expect(judge(0)).toEqual(["quota N2_CPUS"]);
  });
});

describe("addresses for nodes to come at GKE", () => {
  const cluster = (used: number, more: GkeCluster = {}): GkeCluster => ({
    ipAllocationPolicy: { clusterIpv4CidrBlock: "10.0.0.0/22", defaultPodIpv4RangeUtilization: used },
    ...more,
  });
  const judge = (found: GkeCluster, range?: string): readonly string[] =>
    codesOf(judgeAddresses(wantedWith({ count: 2 }), found, range));

  it("a node of 110 pods takes a /24: a /22 half in use has room for two more, and not for a third", () => {
    expect(judge(cluster(0.5))).toEqual([]);
    expect(judge(cluster(0.75))).toEqual(["blocker Gke.PodRangeFull"]);
  });

  it("fewer pods a node take smaller blocks", () => {
    expect(judge(cluster(0.75, { defaultMaxPodsConstraint: { maxPodsPerNode: "32" } }))).toEqual([]);
  });

  it("four addresses of a subnetwork are no machine's", () => {
    expect(judge(cluster(0, { currentNodeCount: 2 }), "10.1.0.0/29")).toEqual([]);
    expect(judge(cluster(0, { currentNodeCount: 3 }), "10.1.0.0/29")).toEqual(["blocker Gke.SubnetFull"]);
  });

  it("where GKE does not say what is in use, that is said", () => {
    expect(judge({})).toEqual(["warning Gke.PodRangeNotCounted"]);
  });
});

describe("permissions at Google", () => {
  const [CREATE, DESTROY] = ["container.clusters.create", "container.clusters.delete"];

  it("what makes a cluster counts only where there is none yet", () => {
    const judge = (wanted: WantedAtCloud): readonly string[] =>
      codesOf(judgePermissions(wanted, { missing: [CREATE, DESTROY], said: NOTHING }));
    expect(judge(wantedWith({}))).toEqual(["warning Gke.PermissionsForLater"]);
    const { live: _live, ...none } = wantedWith({});
    expect(judge(none)).toEqual(["blocker Gke.PermissionsMissing", "warning Gke.PermissionsForLater"]);
  });
});
