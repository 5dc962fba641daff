import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import { join } from "node:path";
import { sourceOf } from "../../../../cli/commands/drain/client";

const labs: string[] = [];

jest.mock("../../../../lab", () => ({
  listLabs: () => labs.map(name => ({ name })),
  labKubeconfig: (name: string) => (labs.includes(name) ? `/labs/${name}/kubeconfig` : undefined),
}));

describe("the cluster that a drain is for", () => {
  const home = mkdtempSync(join(os.tmpdir(), "changeover-client-"));
  const inHome = join(home, ".kube", "config");
  const before = process.env["KUBECONFIG"];
  const said = jest.spyOn(process.stderr, "write").mockReturnValue(true);

  beforeEach(() => {
    jest.spyOn(os, "homedir").mockReturnValue(home);
    delete process.env["KUBECONFIG"];
    labs.length = 0;
    said.mockClear();
  });

  afterAll(() => {
    jest.restoreAllMocks();
    if (before !== undefined) process.env["KUBECONFIG"] = before;
    rmSync(home, { recursive: true });
  });

  it("is the flag's, else KUBECONFIG's", () => {
    process.env["KUBECONFIG"] = "/from/env";
    expect(sourceOf({ kubeconfig: "/from/flag", context: "prod" })).toEqual({
      kubeconfig: "/from/flag",
      context: "prod",
    });
    expect(sourceOf({})).toEqual({ kubeconfig: "/from/env" });
  });

  it("is the only lab where no kubeconfig is named or at home, and that is said", () => {
    labs.push("dev");
    expect(sourceOf({})).toEqual({ kubeconfig: "/labs/dev/kubeconfig" });
    expect(said.mock.calls.join("")).toContain('your lab "dev"');
  });

  it("is never guessed among two labs", () => {
    labs.push("dev", "play");
    expect(sourceOf({})).toEqual({ kubeconfig: inHome });
    expect(sourceOf({ lab: "play" })).toEqual({ kubeconfig: "/labs/play/kubeconfig" });
  });

  it("is the one at home before any lab", () => {
    labs.push("dev");
    mkdirSync(join(home, ".kube"));
    writeFileSync(inHome, "");
    expect(sourceOf({})).toEqual({ kubeconfig: inHome });
    expect(said).not.toHaveBeenCalled();
  });

  it("is refused when the named lab is not there", () => {
    expect(() => sourceOf({ lab: "gone" })).toThrow(/Drain.NoLab/);
  });
});
