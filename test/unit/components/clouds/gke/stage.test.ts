import { checkWayBack, emulatedBy, stepTo } from "../../../../../components/clouds/gke/live/stage";

const final = (minor: string) => ({ currentMasterVersion: `${minor}.4-gke.1000000` });
const soaking = { ...final("1.36"), currentEmulatedVersion: "1.35" };

describe("the step of GKE's two that is left to a wanted stage", () => {
  it.each([
    [final("1.35"), "1.36", "emulated", "begin"],
    [soaking, "1.36", "emulated", "none"],
    [soaking, "1.36", "final", "complete"],
    [soaking, "1.35", "final", "back"],
    [final("1.36"), "1.36", "final", "none"],
    [final("1.36"), "1.36", "emulated", "none"],
    [final("1.36"), "1.35", "final", "none"],
    [final("1.35"), "1.36", "final", "none"],
    [final("1.35"), "1.37", "emulated", "none"],
    [soaking, "1.37", "final", "none"],
    [soaking, "1.34", "final", "none"],
  ] as const)("%j to %s %s: %s", (...[found, version, stage, step]) => {
    expect(stepTo(found, { version, stage })).toBe(step);
  });

  it("a control plane that is said to emulate its own minor is final", () => {
    expect(emulatedBy({ ...final("1.36"), currentEmulatedVersion: "1.36" })).toBeUndefined();
    expect(emulatedBy({ ...final("1.36"), currentEmulatedVersion: "" })).toBeUndefined();
  });
});

describe("the way back that GKE names", () => {
  const previousVersion = "1.35.8-gke.1000000";

  it.each(["1.35", "1.35.8"])("%s is where it leads", version => {
    expect(checkWayBack({ previousVersion }, { version })).toBeUndefined();
  });

  it("another patch is refused with the version it leads to", () => {
    expect(checkWayBack({ previousVersion }, { version: "1.35.7" })?.message).toContain(previousVersion);
  });

  it("none named is none", () => {
    expect(checkWayBack({}, { version: "1.35" })?.code).toBe("Gke.OtherWayBack");
  });
});
