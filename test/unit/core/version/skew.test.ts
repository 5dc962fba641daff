import { checkPoolVersion } from "../../../../core/version/poolVersion";
import { checkKubeletSkew } from "../../../../core/version/skew";

const at = (minor: number) => ({ major: 1, minor });
const skew = (kubelet: number, oldest: number, newest: number) =>
  checkKubeletSkew({
    subject: "node n1",
    path: "cluster",
    kubelet: at(kubelet),
    oldest: at(oldest),
    newest: at(newest),
    mayTrail: 3,
  })?.code;

describe("a kubelet against the API servers of a step", () => {
  it.each([
    [36, 36, 36, undefined],
    [33, 36, 36, undefined],
    [32, 36, 36, "Skew.KubeletTooOld"],
    [37, 36, 36, "Skew.KubeletNewer"],
    [36, 35, 36, "Skew.KubeletNewer"],
    [32, 35, 36, "Skew.KubeletTooOld"],
  ])("kubelet 1.%i with servers 1.%i to 1.%i: %p", (...[kubelet, oldest, newest, code]) => {
    expect(skew(kubelet, oldest, newest)).toBe(code);
  });
});

describe("what a pool asks for against what the control plane is asked", () => {
  const check = (pool: number, plane: number, stage: "emulated" | "final") =>
    checkPoolVersion({ pool: "workers", path: "p", version: at(pool), controlPlane: at(plane), stage })?.code;

  it("accepts the same minor once final", () => expect(check(36, 36, "final")).toBeUndefined());
  it("refuses the new minor while the old one is served", () =>
    expect(check(36, 36, "emulated")).toBe("Pool.GreenWhileEmulated"));
  it("accepts the old minor while it is served", () => expect(check(35, 36, "emulated")).toBeUndefined());
  it("refuses a newer one at any stage", () => {
    expect(check(37, 36, "final")).toBe("Pool.NewerThanControlPlane");
    expect(check(37, 36, "emulated")).toBe("Pool.NewerThanControlPlane");
  });
});
