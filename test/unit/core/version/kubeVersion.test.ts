import fc from "fast-check";
import {
  addMinors,
  compareMinor,
  compareVersion,
  formatVersion,
  matchesVersion,
  minorText,
  parseKubeVersion,
} from "../../../../core/version/kubeVersion";

const version = fc.record({
  major: fc.constant(1),
  minor: fc.nat(99),
  patch: fc.option(fc.nat(30), { nil: undefined }),
});

describe("a Kubernetes version", () => {
  it.each([
    ["1.36", { major: 1, minor: 36 }],
    ["1.36.4", { major: 1, minor: 36, patch: 4 }],
    ["v1.36.4", { major: 1, minor: 36, patch: 4 }],
    ["v1.36.4-eks-1a2b", { major: 1, minor: 36, patch: 4 }],
    ["v1.36.4+k3s1", { major: 1, minor: 36, patch: 4 }],
  ])("reads %s", (text, value) => {
    expect(parseKubeVersion(text)).toEqual({ ok: true, value });
  });

  it.each(["", "v1", "1", "1.36.x", "1.x", "latest", "1.36.4.5", " 1.36", "1.-3"])("refuses %p", text => {
    const read = parseKubeVersion(text);
    expect(read).toMatchObject({ ok: false, problems: [{ code: "Version.Unreadable" }] });
  });

  it("reads back what it writes", () => {
    fc.assert(
      fc.property(version, value => {
        const read = parseKubeVersion(formatVersion(value));
        expect(read.ok && formatVersion(read.value)).toBe(formatVersion(value));
      }),
    );
  });

  it("orders minors as numbers, not as text", () => {
    expect(compareMinor({ major: 1, minor: 9 }, { major: 1, minor: 10 })).toBeLessThan(0);
  });

  it("orders a version without patch before every patch of its minor", () => {
    expect(compareVersion({ major: 1, minor: 36 }, { major: 1, minor: 36, patch: 0 })).toBeLessThan(0);
  });

  it("drops the patch when it moves by minors", () => {
    expect(minorText(addMinors({ major: 1, minor: 36, patch: 4 }, -1))).toBe("1.35");
  });
});

describe("whether a reported version is the wanted one", () => {
  it.each([
    ["v1.36.4", "1.36", true],
    ["v1.36.4", "1.36.4", true],
    ["v1.36.4", "1.36.3", false],
    ["v1.35.8", "1.36", false],
    ["unknown", "1.36", false],
  ])("%s for %s: %p", (found, wanted, answer) => {
    expect(matchesVersion(found, wanted)).toBe(answer);
  });
});
