import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkFolder, ensureMark, labDir, labFolders, readMark } from "../../../lab/home";

describe("folders of labs", () => {
  const root = mkdtempSync(join(tmpdir(), "changeover-home-"));
  const before = process.env["CHANGEOVER_LABS"];

  beforeAll(() => (process.env["CHANGEOVER_LABS"] = root));
  afterAll(() => {
    if (before === undefined) delete process.env["CHANGEOVER_LABS"];
    else process.env["CHANGEOVER_LABS"] = before;
    rmSync(root, { recursive: true });
  });

  it.each(["", "../x", "A", "a/b", "-a", "x".repeat(41)])("refuse the name %j", name => {
    expect(() => labDir(name)).toThrow(/Lab.BadName/);
  });

  it("are marked once, and keep their mark", () => {
    const mark = ensureMark("one");
    expect(ensureMark("one")).toEqual(mark);
    expect(readMark(labDir("one"))).toEqual(mark);
    expect(labFolders()).toContain("one");
  });

  it("are never taken over when somebody put other things there", () => {
    mkdirSync(join(root, "photos"));
    writeFileSync(join(root, "photos", "cat.jpg"), "");
    expect(checkFolder("photos")).toMatchObject({ code: "Lab.NotALab", path: "photos" });
    expect(() => ensureMark("photos")).toThrow(/Lab.NotALab/);
  });

  it("may be there empty", () => {
    mkdirSync(join(root, "empty"));
    expect(checkFolder("empty")).toBeUndefined();
  });
});
