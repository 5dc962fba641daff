import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionOf, parseStack } from "../../../core/config";
import { labStatus } from "../../../lab";
import { type StandInGcp, startStandInGcp } from "../../../lab/clouds/gcp";
import { standInEnvironment } from "../../../lab/clouds/gcp/environment";
import { openClient } from "../../../lab/clouds/gcp/plugin/client";
import { clusterKind } from "../../../lab/clouds/gcp/plugin/cluster";
import { ACCESS_TOKEN } from "../../../lab/clouds/gcp/token";
import type { CloudLive, StageChange } from "../../../operations/ports";
import { gkeCluster, gkeWorkers } from "../../support/gkeStack";
import { openLiveProcess } from "../../support/liveProcess";
import { eventually, useTemporaryLabs } from "../../support/temporaryLabs";

useTemporaryLabs();

const NAME = "steps-gke";
const [project, region] = ["changeover-test", "europe-west1"];
const PATH = `projects/${project}/locations/${region}/clusters/${NAME}`;
const SOAK = 6 * 3_600;

const connection = (() => {
  const pools = { workers: gkeWorkers("1.35.8-gke.1000000") };
  const parsed = parseStack({ cluster: gkeCluster(NAME, "1.35"), backup: { kind: "none" }, pools });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return connectionOf(parsed.value.cluster);
})();

describe("GKE's two steps at run time, on a stand-in for Google Cloud", () => {
  let folder: string;
  let gcp: StandInGcp;
  let child: ReturnType<typeof openLiveProcess>;

  const client = () => openClient({ base: `${gcp.endpoint}/v1/`, token: ACCESS_TOKEN });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "changeover-gcp-"));
    gcp = await startStandInGcp({ folder, project, region });
    child = openLiveProcess("gke", standInEnvironment(gcp, folder, process.env["PATH"] ?? ""));
    await clusterKind(client()).create({
      ...{ name: NAME, project, location: region, minMasterVersion: "1.35" },
      ...{ initialNodeCount: 1, removeDefaultNodePool: true },
    });
  });

  afterAll(async () => {
    child.close();
    await gcp.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const settle = (
    version: string,
    stage: StageChange["stage"],
  ): ReturnType<NonNullable<CloudLive["settleStage"]>> => {
    if (child.live.settleStage === undefined) throw new Error("GKE settles nothing");
    const [log, signal] = [(): void => undefined, new AbortController().signal];
    return child.live.settleStage({ connection, version, stage, soakSeconds: SOAK, log, signal });
  };
  const plane = () => {
    const { version, emulated } = labStatus(NAME);
    return { version, emulated };
  };
  const upgrades = (): number =>
    Object.values(gcp.state.operations).filter(one => one.operationType === "UPGRADE_MASTER").length;

  it("the first step is taken once, with the soak, and says until when it can be taken back", async () => {
    const asked = Date.now();
    const { backUntil = "" } = await settle("1.36", "emulated");
    expect(plane()).toEqual({ version: "1.36.4", emulated: "1.35" });
    expect(Date.parse(backUntil) - asked).toBeGreaterThanOrEqual(SOAK * 1_000);
    expect(await settle("1.36", "emulated")).toEqual({ backUntil });
    expect(upgrades()).toBe(1);
  });

  it("to another version than the one that ran before there is no way, and nothing is sent", async () => {
    await expect(settle("1.35.7", "final")).rejects.toThrow("Gke.OtherWayBack");
    expect(plane()).toEqual({ version: "1.36.4", emulated: "1.35" });
    expect(upgrades()).toBe(1);
  });

  it("a way back that a killed run has begun is waited for, not begun again", async () => {
    const begun = client().change("PUT", PATH, { update: { desiredMasterVersion: "1.35.8-gke.1000000" } });
    await eventually("the operation under way", () => Promise.resolve(upgrades() === 2 ? true : undefined));
    await Promise.all([begun, settle("1.35", "final")]);
    expect(plane()).toEqual({ version: "1.35.8", emulated: undefined });
    expect(upgrades()).toBe(2);
  });

  it("the second step closes the way back: nothing is sent for it any more", async () => {
    await settle("1.36", "emulated");
    await settle("1.36", "final");
    expect(plane()).toEqual({ version: "1.36.4", emulated: undefined });
    const before = upgrades();
    for (const version of ["1.36", "1.35"]) expect(await settle(version, "final")).toEqual({});
    expect(plane().version).toBe("1.36.4");
    expect(upgrades()).toBe(before);
  });
});
