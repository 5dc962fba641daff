import { ensureLab, labKubeconfig } from "../../../lab";
import { clusterUid, readVersion } from "../../../kube";
import { startImpatientClient, type Tally } from "./impatientClient";
import { NEW, OLD, run, useTemporaryLabs, withKube } from "../../support/temporaryLabs";

useTemporaryLabs();
const name = "roll";

/** Brings the lab to a version while the client asks without pause. */
const moveUnderLoad = async (version: string, emulated?: string): Promise<Tally> => {
  const client = startImpatientClient(labKubeconfig(name) ?? "");
  await ensureLab({ name, version, ...(emulated === undefined ? {} : { emulated }) }, run());
  return client.stop();
};

const shown = (): Promise<unknown> => withKube(name, kube => readVersion(kube));

describe("a control plane that changes its version", () => {
  beforeAll(async () => {
    await ensureLab({ name, version: OLD }, run());
  });

  it("refuses a skipped minor and a downgrade before anything changes", async () => {
    await expect(ensureLab({ name, version: "1.37.1" }, run())).rejects.toThrow(/ControlPlane.SkippedMinor/);
    await expect(ensureLab({ name, version: "1.34.1" }, run())).rejects.toThrow(/ControlPlane.Downgrade/);
    expect(await shown()).toMatchObject({ gitVersion: `v${OLD}` });
  });

  it("goes one minor up, emulating the old one, and no request fails", async () => {
    const tally = await moveUnderLoad(NEW, "1.35");
    expect(tally.failed).toEqual([]);
    expect(tally.answered).toBeGreaterThan(100);
    expect(await shown()).toMatchObject({ gitVersion: `v${NEW}` });
  });

  it("goes back from there, and no request fails", async () => {
    const tally = await moveUnderLoad(OLD);
    expect(tally.failed).toEqual([]);
    expect(await shown()).toMatchObject({ gitVersion: `v${OLD}` });
  });

  it("goes up for good, and no request fails; then there is no way back", async () => {
    const uid = await withKube(name, kube => clusterUid(kube));
    const tally = await moveUnderLoad(NEW);
    expect(tally.failed).toEqual([]);
    expect(await withKube(name, kube => clusterUid(kube))).toBe(uid);
    await expect(ensureLab({ name, version: OLD }, run())).rejects.toThrow(/ControlPlane.Downgrade/);
  });

  it("is left alone by a second call", async () => {
    const before = (await ensureLab({ name, version: NEW }, run())).processes.map(({ pid }) => pid);
    const after = (await ensureLab({ name, version: NEW }, run())).processes.map(({ pid }) => pid);
    expect(after).toEqual(before);
  });
});
