import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionOf, parseStack } from "../../../core/config";
import { type StandInGcp, startStandInGcp } from "../../../lab/clouds/gcp";
import { openAccount } from "../../../lab/clouds/gcp/account";
import { standInEnvironment } from "../../../lab/clouds/gcp/environment";
import { Fault } from "../../../lab/clouds/fault";
import type { CloudReadiness, WantedAtCloud } from "../../../operations/ports";
import { gkeCluster, gkeWorkers } from "../../support/gkeStack";
import { openLiveProcess } from "../../support/liveProcess";
import { codesOf, linesOf } from "../../support/readiness";

const [project, region] = ["changeover-test", "europe-west1"];
const NAME = "ready-gke";
const OLD = "1.35.8-gke.1000000";

const wantedAt = (
  version: string,
  image: string,
  more: { readonly live?: string; readonly pool?: object; readonly cluster?: object } = {},
): WantedAtCloud => {
  const pool = { ...gkeWorkers(image), ...more.pool };
  const parsed = parseStack({
    cluster: { ...gkeCluster(NAME, version), ...more.cluster },
    backup: { kind: "none" },
    pools: { workers: pool },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  const { cluster, pools } = parsed.value;
  return {
    ...{ connection: connectionOf(cluster), cluster, pools },
    addOns: {},
    toCome: pools.map(spec => ({ pool: spec.name, generation: "workers-1-36-abcdef", count: 2, spec })),
    ...(more.live === undefined ? {} : { live: more.live }),
  };
};

const upgrade = (): WantedAtCloud => wantedAt("1.36", "1.36.4-gke.1000000", { live: "1.35.8" });

/** Where nothing listens. */
const NOBODY = "http://127.0.0.1:9/";
const DEAD = Object.fromEntries(
  ["CONTAINER", "COMPUTE", "RESOURCE_MANAGER", "IAM", "OAUTH2"].map(api => [
    `GOOGLE_${api}_CUSTOM_ENDPOINT`,
    NOBODY,
  ]),
);

describe("what Google Cloud says before a GKE stack moves", () => {
  let folder: string;
  let gcp: StandInGcp;
  let child: ReturnType<typeof openLiveProcess>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "changeover-gcp-"));
    gcp = await startStandInGcp({ folder, project, region });
    child = openLiveProcess("gke", standInEnvironment(gcp, folder, process.env["PATH"] ?? ""));
  });

  beforeEach(() => {
    Object.assign(gcp.account, openAccount());
    gcp.failures.clear();
    // There is nothing behind it: only what Google says of it is asked.
    gcp.state.clusters[NAME] = { name: NAME, version: OLD, status: "RUNNING", settings: {} };
    gcp.state.pools[`${NAME}/blue`] = {
      ...{ cluster: NAME, name: "blue", version: OLD, status: "RUNNING", statusMessage: "" },
      ...{ locations: [`${region}-b`, `${region}-c`], initialNodeCount: 1, autoscaling: {} },
      ...{ sizes: { [`${region}-b`]: 1, [`${region}-c`]: 1 }, management: { autoUpgrade: false } },
      config: { machineType: "n2-standard-2", labels: { "changeover.dev/pool": "workers" } },
    };
  });

  afterAll(async () => {
    child.close();
    await gcp.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const ask = (wanted = upgrade()): Promise<CloudReadiness> => {
    if (child.live.readiness === undefined) throw new Error("GKE is asked nothing");
    return child.live.readiness(wanted, new AbortController().signal);
  };
  const codes = async (wanted = upgrade()): Promise<readonly (readonly string[])[]> =>
    codesOf(await ask(wanted));

  it("nothing stands against a run with room; that GKE may upgrade the control plane itself is said", async () => {
    expect(await codes()).toEqual([[], ["Gke.MayUpgradeByItself"]]);
  });

  it("all that is short, missing or moving by itself is said at once", async () => {
    gcp.account.limits["N2_CPUS"] = 6;
    gcp.account.denied.add("container.clusters.update");
    gcp.account.notInZone["c"] = ["n2-standard-2"];
    gcp.account.nodeRange = "10.0.0.0/29";
    gcp.account.podRange = "10.0.0.0/23";
    Object.assign(gcp.state.clusters[NAME]?.settings ?? {}, { releaseChannel: { channel: "REGULAR" } });
    Object.assign(gcp.state.pools[`${NAME}/blue`] ?? {}, { management: { autoUpgrade: true } });
    const [blockers, warnings] = await codes(wantedAt("1.34", "1.34.9-gke.1000000", { live: "1.33.1" }));
    expect(blockers).toEqual([
      ...["Gke.VersionNotOffered", "Gke.ImageNotOffered", "Gke.ReleaseChannel", "Gke.AutoUpgrade"],
      ...["Gke.MachineNotInZone", "Gke.Quota", "Gke.PodRangeFull", "Gke.PermissionsMissing"],
    ]);
    expect(warnings).toEqual(["Gke.MayUpgradeByItself"]);
  });

  it("names the nearest offered version, and where a machine type can be had", async () => {
    gcp.account.notInZone["c"] = ["n2-standard-2"];
    const { blockers } = await ask(wantedAt("1.34", "1.34.9-gke.7", { live: "1.33.1" }));
    expect(blockers.map(({ path, fix }) => [path, fix])).toEqual([
      ["cluster.version", expect.stringContaining("nearest is 1.35.8-gke.1000000")],
      ["pools.workers.image", expect.stringContaining("nearest is 1.35.8-gke.1000000")],
      ["pools.workers.machine", expect.stringContaining("europe-west1-b, europe-west1-d")],
    ]);
  });

  it.each([
    [
      "N2_CPUS",
      7,
      "quota N2_CPUS in europe-west1: 4 more are needed at the same time (workers: 2 × n2-standard-2), 3 of 7 are free",
    ],
    ["CPUS_ALL_REGIONS", 4, "quota CPUS_ALL_REGIONS in all regions together: 4 more"],
    ["INSTANCES", 3, "quota INSTANCES in europe-west1: 2 more"],
    ["IN_USE_ADDRESSES", 2, "quota IN_USE_ADDRESSES in europe-west1: 2 more"],
    ["SSD_TOTAL_GB", 300, "quota SSD_TOTAL_GB in europe-west1: 200 more"],
  ])(
    "counts machines to come against %s, which those that are there use, too",
    async (metric, limit, text) => {
      gcp.account.limits[metric] = limit;
      const { blockers } = await ask();
      expect(blockers.map(({ message }) => message)).toEqual([expect.stringContaining(text)]);
      gcp.account.limits[metric] = limit * 2;
      expect((await ask()).blockers).toEqual([]);
    },
  );

  it("private nodes need no public address", async () => {
    gcp.account.limits["IN_USE_ADDRESSES"] = 2;
    Object.assign(gcp.state.clusters[NAME]?.settings ?? {}, {
      privateClusterConfig: { enablePrivateNodes: true },
    });
    expect((await ask()).blockers).toEqual([]);
  });

  it("counts a machine of E2 as CPUS", async () => {
    gcp.account.limits["CPUS"] = 3;
    const wanted = wantedAt("1.36", "1.36.4-gke.1000000", {
      live: "1.35.8",
      pool: { machine: "e2-standard-2" },
    });
    expect(linesOf((await ask(wanted)).blockers)).toEqual([expect.stringContaining("quota CPUS in")]);
  });

  it("a pool of somebody else that GKE upgrades is their own matter, and said", async () => {
    Object.assign(gcp.state.pools[`${NAME}/blue`] ?? {}, { management: { autoUpgrade: true } });
    Object.assign(gcp.state.pools[`${NAME}/blue`]?.config ?? {}, { labels: {} });
    expect(await codes()).toEqual([[], ["Gke.AutoUpgrade", "Gke.MayUpgradeByItself"]]);
  });

  it("one problem names all permissions that the run lacks; those of the looks are with the looks", async () => {
    const compute = ["compute.regions.get", "compute.instanceGroupManagers.update"];
    for (const permission of [...compute, "container.clusters.update", "container.clusters.delete"])
      gcp.account.denied.add(permission);
    const { blockers, warnings } = await ask();
    expect(linesOf(blockers)).toEqual([
      expect.stringMatching(
        /^Gke\.PermissionsMissing: .* 2 of .*: compute\.instanceGroupManagers\.update, container\.clusters\.update \| .*changeover permissions gke/,
      ),
    ]);
    expect(linesOf(warnings)).toEqual([
      expect.stringContaining("Gke.MayUpgradeByItself"),
      expect.stringMatching(/^Gke\.PermissionsForLater: .*container\.clusters\.delete/),
      expect.stringMatching(/^Preflight\.NotAsked: .*known of quotas: .*grant compute\.regions\.get/),
    ]);
  });

  it("the right to act as the nodes' service account may be held on that account alone", async () => {
    gcp.account.denied.add("iam.serviceAccounts.actAs");
    expect((await ask()).blockers.map(({ code }) => code)).toEqual(["Gke.PermissionsMissing"]);
    gcp.account.onServiceAccount.add("iam.serviceAccounts.actAs");
    expect((await ask()).blockers).toEqual([]);
  });

  it("where the service account can't be asked that is said, and what the project lacks is still refused", async () => {
    gcp.account.denied.add("iam.serviceAccounts.actAs").add("container.clusters.update");
    const fault = new Fault("PERMISSION_DENIED", "IAM API is disabled", 403);
    gcp.failures.plan({ action: "TestAccountPermissions", on: /^/, fault });
    const { blockers, warnings } = await ask();
    expect(linesOf(blockers)).toEqual([expect.stringMatching(/1 of .*: container\.clusters\.update/)]);
    expect(linesOf(warnings)[1]).toMatch(
      /^Preflight\.NotAsked: .*known of permissions on the nodes' service account: /,
    );
  });

  const emulated = (live?: string): WantedAtCloud => ({
    ...wantedAt("1.36", OLD, { cluster: { stage: "emulated" }, ...(live === undefined ? {} : { live }) }),
    toCome: [],
  });
  const soak = (): void => {
    const soaking = { minor: "1.35", previous: OLD, soak: "604800s", until: "2126-11-29T12:00:00Z" };
    Object.assign(gcp.state.clusters[NAME] ?? {}, { version: "1.36.4-gke.1000000", soaking });
  };

  it("before the first of two steps it says how long there will be a way back", async () => {
    const { blockers, warnings } = await ask(emulated("1.35.8"));
    expect(blockers).toEqual([]);
    expect(linesOf(warnings)[0]).toMatch(/^Gke\.CompletesByItself: .*open for 7d; then GKE completes/);
  });

  it("between the steps it says until when, and for another version than the one before that there is no way", async () => {
    soak();
    expect(linesOf((await ask(emulated("1.36.4"))).warnings)[0]).toMatch(
      /^Gke\.Soaking: .*serves 1\.35 and can go back to it until 2126-11-29T12:00:00Z/,
    );
    const back = (version: string): WantedAtCloud => ({
      ...wantedAt(version, OLD, { live: "1.36.4", pool: { version: "1.35" } }),
      toCome: [],
    });
    expect((await ask(back("1.35"))).blockers).toEqual([]);
    expect(linesOf((await ask(back("1.35.9"))).blockers)).toEqual([
      expect.stringMatching(/^Gke\.OtherWayBack: .*back to 1\.35\.8-gke\.1000000 and nowhere else/),
    ]);
  });

  it("where GKE does not say until when, that is said", async () => {
    soak();
    const fault = new Fault("PERMISSION_DENIED", "not for you", 403);
    gcp.failures.plan({ action: "FetchClusterUpgradeInfo", on: /^/, fault });
    const { blockers, warnings } = await ask(emulated("1.36.4"));
    expect(blockers).toEqual([]);
    expect(linesOf(warnings).join()).toMatch(/Preflight\.NotAsked: .*known of the control plane's stage: /);
  });

  it("no cluster is made that emulates", async () => {
    Reflect.deleteProperty(gcp.state.clusters, NAME);
    Reflect.deleteProperty(gcp.state.pools, `${NAME}/blue`);
    expect((await codes(emulated()))[0]).toEqual(["Gke.BornFinal"]);
  });

  it("tells when a token from the environment ends, which nothing renews", async () => {
    gcp.account.tokenLasts = 600;
    const { identityEnds = "" } = await ask();
    const left = Date.parse(identityEnds) - Date.now();
    expect(left).toBeGreaterThan(500_000);
    expect(left).toBeLessThanOrEqual(600_000);
  });

  it("a region that does not exist is refused by GKE itself, and Compute Engine tells the nearest", async () => {
    const at = (name: string) => ({ ...upgrade().connection, region: name });
    const place = (name: string) => child.live.checkPlace?.(at(name), AbortSignal.timeout(60_000));
    await expect(child.live.access(at("europe-west99"))).rejects.toThrow(/"europe-west99" does not exist/);
    expect(linesOf((await place("europe-west99")) ?? [])).toEqual([
      expect.stringMatching(/^Gke\.RegionUnknown: found "europe-west99".*nearest are europe-west9, /),
    ]);
    expect(await child.live.access(at("europe-west2"))).toBe("absent");
    expect(await place("europe-west2")).toEqual([]);
    gcp.account.denied.add("compute.regions.list");
    await expect(place("europe-west99")).rejects.toThrow(/compute\.regions\.list/);
    expect(await codes()).toEqual([[], ["Gke.MayUpgradeByItself"]]);
  });

  it("a cluster that is still to be made is asked for what it needs, and has nothing that moves by itself", async () => {
    Reflect.deleteProperty(gcp.state.clusters, NAME);
    Reflect.deleteProperty(gcp.state.pools, `${NAME}/blue`);
    gcp.account.denied.add("container.clusters.create");
    gcp.account.limits["INSTANCES"] = 1;
    expect(await codes(wantedAt("1.36", "1.36.4-gke.1000000"))).toEqual([
      ["Gke.Quota", "Gke.PermissionsMissing"],
      [],
    ]);
  });

  it("what Google refuses to tell is a warning beside what the others found", async () => {
    gcp.account.limits["INSTANCES"] = 3;
    const fault = new Fault("INVALID_ARGUMENT", "it says no", 400);
    gcp.failures.plan({ action: "GetServerConfig", on: /^/, fault });
    const { blockers, warnings } = await ask();
    expect(blockers.map(({ code }) => code)).toEqual(["Gke.Quota"]);
    expect(linesOf(warnings)).toEqual([
      expect.stringContaining("Gke.MayUpgradeByItself"),
      expect.stringMatching(/^Preflight\.NotAsked: .*known of versions that GKE offers: .*it says no/),
    ]);
  });

  it("no answer at all is an outage, not silence", async () => {
    const environment = standInEnvironment(gcp, folder, process.env["PATH"] ?? "");
    const other = openLiveProcess("gke", { ...environment, ...DEAD });
    await expect(other.live.readiness?.(upgrade(), new AbortController().signal)).rejects.toThrow(
      /ECONNREFUSED|fetch/,
    );
    other.close();
  });
});
