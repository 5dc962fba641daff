import { ensureLab, labStatus } from "../../../lab";
import { NEW, OLD, run, useTemporaryLabs, withKube } from "../../support/temporaryLabs";
import { readVersion } from "../../../kube";

useTemporaryLabs();

const apiserversOf = (lab: string): readonly string[] =>
  labStatus(lab).processes.flatMap(({ role }) => (role.startsWith("kube-apiserver") ? [role] : []));

describe("a lab with one API server", () => {
  it("runs, goes up a minor with one still, and keeps its number", async () => {
    expect((await ensureLab({ name: "one", version: OLD, apiserverCount: 1 }, run())).state).toBe("running");
    expect(apiserversOf("one")).toEqual(["kube-apiserver-a"]);
    await expect(ensureLab({ name: "one", version: NEW, apiserverCount: 2 }, run())).rejects.toThrow(
      /made with 1 API server\(s\); found 2/u,
    );
    expect((await ensureLab({ name: "one", version: NEW }, run())).state).toBe("running");
    expect(apiserversOf("one")).toEqual(["kube-apiserver-a"]);
    expect(await withKube("one", kube => readVersion(kube))).toMatchObject({ gitVersion: `v${NEW}` });
  });
});
