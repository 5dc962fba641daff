import { chooseAddOn } from "../../../../../components/clouds/eks/live/newestAddOn";

const one = (version: string, minors: readonly string[], defaultFor: readonly string[] = []) => ({
  ...{ version, minors, defaultFor },
});
const LISTED = [
  one("v1.22.0-eksbuild.1", ["1.36", "1.37"]),
  one("v1.21.1-eksbuild.1", ["1.36"], ["1.36"]),
  one("v1.20.4-eksbuild.2", ["1.35", "1.36"], ["1.35"]),
  one("v1.19.6-eksbuild.7", ["1.35"]),
];

describe("the version that `changeover pin` writes for an add-on", () => {
  it.each([
    ["nothing yet: EKS's default", "coredns", undefined, "v1.21.1-eksbuild.1"],
    ["one that does not fit: the default", "coredns", "v1.19.6-eksbuild.7", "v1.21.1-eksbuild.1"],
    ["a newer one that fits: it stays", "coredns", "v1.22.0-eksbuild.1", "v1.22.0-eksbuild.1"],
    ["an older one that fits: the default", "coredns", "v1.20.4-eksbuild.2", "v1.21.1-eksbuild.1"],
    ["two minors away, of vpc-cni: one step", "vpc-cni", "v1.19.6-eksbuild.7", "v1.20.4-eksbuild.2"],
  ])("%s", (_why, ...[name = "", found, expected]) => {
    const wanted = { name, version: "1.36", ...(found === undefined ? {} : { found }) };
    expect(chooseAddOn(LISTED, wanted)).toBe(expected);
  });

  it("is none where EKS lists none for the minor", () => {
    expect(chooseAddOn(LISTED, { name: "coredns", version: "1.30" })).toBeUndefined();
  });
});
