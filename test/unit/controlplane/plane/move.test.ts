import { checkMove, checkSpec, type ApiserverVersion } from "../../../../controlplane/plane/move";

const at = (binary: string, emulated?: string): ApiserverVersion =>
  emulated === undefined ? { binary } : { binary, emulated };
const to = (version: string, emulated?: string) => ({
  name: "x",
  version,
  ...(emulated === undefined ? {} : { emulated }),
});
const codes = (problems: readonly { code: string }[]): readonly string[] => problems.map(({ code }) => code);

describe("checkMove", () => {
  it.each([
    ["from nothing", [], to("1.36.4")],
    ["to the same", [at("1.35.8"), at("1.35.8")], to("1.35.8")],
    ["one minor up", [at("1.35.8"), at("1.35.8")], to("1.36.4")],
    ["one minor up, emulating the old", [at("1.35.8"), at("1.35.8")], to("1.36.4", "1.35")],
    ["back while the old minor is emulated", [at("1.36.4", "1.35"), at("1.36.4", "1.35")], to("1.35.8")],
    ["from emulated to final", [at("1.36.4", "1.35"), at("1.36.4", "1.35")], to("1.36.4")],
    ["on with a half-done upgrade", [at("1.36.4"), at("1.35.8")], to("1.36.4")],
    ["back from a half-done emulated upgrade", [at("1.36.4", "1.35"), at("1.35.8")], to("1.35.8")],
  ])("allows going %s", (_, from, spec) => {
    expect(checkMove(from, spec)).toEqual([]);
  });

  it.each([
    ["a skipped minor", [at("1.35.8"), at("1.35.8")], to("1.37.1"), "ControlPlane.SkippedMinor"],
    [
      "a skip behind emulation",
      [at("1.35.8"), at("1.35.8")],
      to("1.37.1", "1.36"),
      "ControlPlane.SkippedMinor",
    ],
    [
      "a skip seen from the slower of two servers",
      [at("1.36.4"), at("1.35.8")],
      to("1.37.1"),
      "ControlPlane.SkippedMinor",
    ],
    ["a downgrade", [at("1.36.4"), at("1.36.4")], to("1.35.8"), "ControlPlane.Downgrade"],
    [
      "emulation after the final stage",
      [at("1.36.4"), at("1.36.4")],
      to("1.36.4", "1.35"),
      "ControlPlane.Downgrade",
    ],
    [
      "a downgrade when one server went further",
      [at("1.36.4"), at("1.35.8")],
      to("1.35.8"),
      "ControlPlane.Downgrade",
    ],
  ])("refuses %s", (...[, from, spec, code]) => {
    expect(codes(checkMove(from, spec))).toEqual([code]);
  });

  it("says how many minors would be skipped and where to go first", () => {
    expect(checkMove([at("1.33.1")], to("1.36.4"))[0]).toMatchObject({
      message: "from 1.33 to 1.36.4 skips 2 minor(s); an apiserver goes one minor at a time",
      fix: "go to 1.34 first",
    });
  });
});

describe("checkSpec", () => {
  it.each(["1.36", "1.36.x", "v1.36.4", ""])("refuses %j as a version to run", version => {
    expect(codes(checkSpec(to(version)))).toEqual(["ControlPlane.BadVersion"]);
  });

  it.each(["1.34", "1.37", "1.35.8", "old"])("refuses to emulate %j on 1.36", emulated => {
    expect(codes(checkSpec(to("1.36.4", emulated)))).toEqual(["ControlPlane.BadEmulation"]);
  });
});
