import { knownMinors, supportEnds } from "../../../core/version/catalog";
import { matchesVersion } from "../../../core/version/kubeVersion";
import { CATALOG } from "../../../data";

const DAY = /^\d{4}-\d\d-\d\d$/;
const LINK = /^https:\/\/[a-z.]+\//;
const MINORS = knownMinors(CATALOG);

describe("the catalogue", () => {
  it("knows every minor from its oldest to its newest, without a gap", () => {
    expect(MINORS).toEqual(["1.31", "1.32", "1.33", "1.34", "1.35", "1.36", "1.37"]);
  });

  it("says when it was compared with its sources", () => {
    expect(CATALOG.checked).toMatch(DAY);
  });

  it.each(Object.entries(CATALOG.minors))("has dates in order and a source for %s", (minor, facts) => {
    expect(facts.released).toMatch(DAY);
    expect(facts.endOfLife).toMatch(DAY);
    expect(facts.released < facts.endOfLife).toBe(true);
    expect(facts.source).toMatch(LINK);
    if (facts.latestPatch !== undefined) expect(matchesVersion(facts.latestPatch, minor)).toBe(true);
    for (const { standardEnd, extendedEnd } of Object.values(facts.clouds)) {
      expect(standardEnd).toMatch(DAY);
      if (extendedEnd !== undefined) expect(standardEnd < extendedEnd).toBe(true);
    }
  });

  it("gives the lab one exact version for each minor it runs", () => {
    for (const [minor, version] of Object.entries(CATALOG.lab)) {
      expect(MINORS).toContain(minor);
      expect(matchesVersion(version, minor)).toBe(true);
    }
  });

  it("says for every cloud how far a kubelet may trail, and from where it knows", () => {
    expect(Object.keys(CATALOG.skew).sort()).toEqual(["aks", "eks", "gke", "kubeadm", "lab"]);
    for (const { kubeletMayTrail, source } of Object.values(CATALOG.skew)) {
      expect([2, 3]).toContain(kubeletMayTrail);
      expect(source).toMatch(LINK);
    }
  });

  it("prefers the cloud's calendar to upstream's", () => {
    expect(supportEnds(CATALOG, "gke", "1.34")).toBe("2026-10-01");
    expect(supportEnds(CATALOG, "lab", "1.34")).toBe("2026-10-27");
    expect(supportEnds(CATALOG, "lab", "1.99")).toBeUndefined();
  });
});
